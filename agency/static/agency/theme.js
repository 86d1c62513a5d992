// Runs before the first paint: the chosen theme, and a sign that scripts run at all.
(() => {
  const root = document.documentElement
  root.classList.add('scripted')
  try {
    const chosen = localStorage.getItem('tugon-theme')
    if (chosen === 'light' || chosen === 'dark') root.dataset.theme = chosen
  } catch { /* storage is closed to us: follow the device */ }
})()
