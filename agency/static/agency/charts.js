// Charts: the step under the pointer, or under the arrow keys, is told beside the chart; Enter opens its mentions.
// Without this file each step is a link all the same, and its number stands in the table below.
(() => {
  const moves = {
    ArrowLeft: (at) => at - 1,
    ArrowDown: (at) => at - 1,
    ArrowRight: (at) => at + 1,
    ArrowUp: (at) => at + 1,
    Home: () => 0,
    End: (at, last) => last
  }
  const steps = (chart) => [...chart.querySelectorAll('.hit')]
  const caption = (chart) => chart.querySelector('figcaption .grow')
  const forget = (chart) => {
    chart.querySelector('.hit.on')?.classList.remove('on')
    const words = caption(chart)
    if (words.dataset.still) words.textContent = words.dataset.still
  }
  const tell = (chart, hit) => {
    const words = caption(chart)
    words.dataset.still ||= words.textContent
    chart.querySelector('.hit.on')?.classList.remove('on')
    hit.classList.add('on')
    words.textContent = hit.querySelector('title').textContent
    return words.textContent
  }
  const read = (reader, at) => {
    const chart = reader.closest('.chart')
    reader.setAttribute('aria-valuetext', tell(chart, steps(chart)[at]))
    reader.setAttribute('aria-valuenow', at)
  }
  const placeOf = (reader) => Number(reader.getAttribute('aria-valuenow'))
  document.addEventListener('pointerover', (event) => {
    const chart = event.target.closest?.('.chart')
    if (event.target.matches?.('.hit')) tell(chart, event.target)
  })
  document.addEventListener('pointerout', (event) => {
    if (event.target.matches?.('.hit') && !event.relatedTarget?.matches?.('.hit')) forget(event.target.closest('.chart'))
  })
  document.addEventListener('focusin', (event) => { if (event.target.matches('.reader')) read(event.target, placeOf(event.target)) })
  document.addEventListener('focusout', (event) => { if (event.target.matches('.reader')) forget(event.target.closest('.chart')) })
  document.addEventListener('keydown', (event) => {
    const reader = event.target.closest?.('.reader')
    if (!reader || event.ctrlKey || event.metaKey || event.altKey) return
    const hits = steps(reader.closest('.chart'))
    const move = moves[event.key]
    if (move) read(reader, Math.min(hits.length - 1, Math.max(0, move(placeOf(reader), hits.length - 1))))
    else if (event.key === 'Enter') { const link = hits[placeOf(reader)].closest('a'); if (link) location.assign(link.href.baseVal) }
    if (move) event.preventDefault()
  })
})()
