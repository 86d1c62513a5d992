// Tugon in the browser. Every page works without this file; it only makes work faster.
// Nothing but the theme is ever stored here: drafts are confidential. (portal.js keeps a comment in its tab.)
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)]
  const one = (selector, root = document) => root.querySelector(selector)
  const help = one('#keys')
  const says = (name) => (help && help.dataset[`says${name}`]) || ''

  // --- theme -------------------------------------------------------------------------------------
  const markTheme = () => {
    const chosen = document.documentElement.dataset.theme || 'system'
    all('[data-theme-pick] button').forEach((button) => button.setAttribute('aria-pressed', String(button.value === chosen)))
  }
  const chooseTheme = (theme) => {
    if (theme === 'system') delete document.documentElement.dataset.theme
    else document.documentElement.dataset.theme = theme
    try { localStorage.setItem('tugon-theme', theme) } catch { /* it holds for this page then */ }
    markTheme()
  }

  // --- toasts: what went wrong, seen and announced ------------------------------------------------
  const toast = (words, kind = 'error') => {
    const place = one('#toast')
    if (!place || !words) return
    const note = document.createElement('p')
    note.className = `note ${kind}`
    const text = document.createElement('span')
    text.textContent = words
    const close = document.createElement('button')
    close.type = 'button'
    close.className = 'btn quiet small'
    close.textContent = '×'
    close.setAttribute('aria-label', says('Close'))
    close.addEventListener('click', () => note.remove())
    note.append(text, close)
    place.replaceChildren(note)
    if (kind === 'success') setTimeout(() => note.remove(), 4000)
  }
  const wordsFor = (status) => says(`-${status}`) || says(!status || status === 503 ? 'Down' : status >= 500 ? '-500' : 'Refused')
  document.addEventListener('htmx:responseError', (event) => {
    // A background poll that fails now and then is no news; a person's own act is.
    const polled = event.detail.elt.closest('[data-poll]') === event.detail.elt
    if (!polled || event.detail.xhr.status === 401) toast(wordsFor(event.detail.xhr.status))
  })
  document.addEventListener('htmx:sendError', () => toast(says('Down')))
  document.addEventListener('htmx:timeout', () => toast(says('Down')))
  // A refused form comes back as 422 with its errors: show it where it was.
  document.addEventListener('htmx:beforeSwap', (event) => {
    if (event.detail.xhr.status !== 422) return
    event.detail.shouldSwap = true
    event.detail.isError = false
  })

  // --- live regions: not in a hidden tab, not under somebody's hands ------------------------------
  const composing = (region) => {
    const active = document.activeElement
    const typing = active && region.contains(active) && active.matches('input, textarea, select')
    return typing || Boolean(one('details[open].confirm, [data-dirty]', region))
  }
  document.addEventListener('htmx:beforeRequest', (event) => {
    const region = event.detail.elt
    if (region.hasAttribute('data-poll') && (document.hidden || composing(region))) event.preventDefault()
  })
  // A poll that brings what is there already moves nothing.
  const answers = new WeakMap()
  document.addEventListener('htmx:beforeSwap', (event) => {
    const region = event.detail.elt
    if (!region.hasAttribute('data-poll') || event.detail.xhr.status !== 200) return
    if (answers.get(region) === event.detail.serverResponse) event.detail.shouldSwap = false
    answers.set(region, event.detail.serverResponse)
  })
  let place = null
  document.addEventListener('htmx:beforeSwap', () => { place = document.activeElement && document.activeElement.id })
  document.addEventListener('htmx:afterSettle', () => {
    if (place && document.activeElement === document.body) document.getElementById(place)?.focus()
    all('textarea[data-limit]').forEach(count)
  })

  // --- letters as the channel counts them: counting.js --------------------------------------------
  function count (area) {
    const left = Number(area.dataset.limit) - window.tugonCount(area.value.trim(), area.dataset.count)
    const output = one(`output[for="${CSS.escape(area.id)}"]`)
    area.classList.toggle('over', left < 0)
    if (!output) return
    output.classList.toggle('over', left < 0)
    output.classList.toggle('near', left >= 0 && left <= Number(area.dataset.limit) / 10)
    output.value = (left < 0 ? says('Over') : says('Left')).replace('%s', Math.abs(left))
  }

  // --- forms: sent once, not left by accident -----------------------------------------------------
  document.addEventListener('input', (event) => {
    if (event.target.matches('textarea[data-limit]')) count(event.target)
    event.target.closest('form[data-guard]')?.setAttribute('data-dirty', '')
  })
  document.addEventListener('change', (event) => {
    const button = event.target.files?.length && document.getElementById(event.target.dataset.adds)
    if (button) button.form.requestSubmit(button)
  })
  document.addEventListener('submit', (event) => {
    const form = event.target
    form.removeAttribute('data-dirty')
    if (event.defaultPrevented || form.method !== 'post' || form.matches('[hx-post]')) return
    if (form.dataset.sent) { event.preventDefault(); return }
    form.dataset.sent = '1'
    event.submitter?.setAttribute('aria-busy', 'true')
  })
  window.addEventListener('pageshow', () => {
    all('form[data-sent]').forEach((form) => delete form.dataset.sent)
    all('[aria-busy="true"]').forEach((button) => button.removeAttribute('aria-busy'))
  })
  window.addEventListener('beforeunload', (event) => { if (one('form[data-dirty]')) event.preventDefault() })

  // --- what was typed when the session had ended: back into its form, which its writer then sends -----
  const putBack = (panel) => {
    const form = all('form').find((each) => each.method === 'post' && new URL(each.action, location.href).pathname === panel.dataset.unsent)
    if (!form) return
    const left = all('[data-name]', panel).filter((area) => {
      const field = all('input, textarea, select', form).find((each) => each.name === area.dataset.name && (each.type !== 'hidden' || each.name === 'base') && each.type !== 'file' &&
        (!['radio', 'checkbox'].includes(each.type) || each.value === area.value))
      if (!field) return !all('[type="hidden"]', form).some((each) => each.name === area.dataset.name)
      if (['radio', 'checkbox'].includes(field.type)) field.checked = true
      else field.value = area.value
      field.dispatchEvent(new Event('input', { bubbles: true }))
      return false
    })
    all('[data-name]', panel).forEach((area) => { if (!left.includes(area)) area.remove() })
    one('[data-unsent-back]', panel)?.remove()
    form.querySelector('textarea, input:not([type="hidden"])')?.focus()
  }

  // --- from a finding to its place in the text: places are counted in characters, as the server counts ----
  const jumpTo = (link) => {
    const area = document.getElementById(link.hash.slice(1))
    if (!area || !area.matches('textarea')) return false
    const letters = [...area.value]
    const [start, end] = link.dataset.jump.split(',').map((n) => letters.slice(0, Number(n)).join('').length)
    area.focus({ preventScroll: true })
    area.setSelectionRange(start, end)
    area.scrollTop = Math.max(0, area.scrollHeight * start / Math.max(1, area.value.length) - area.clientHeight / 2)
    area.scrollIntoView({ block: 'nearest' })
    return true
  }

  // --- menus and clicks ---------------------------------------------------------------------------
  const closeMenus = (except) => all('details[data-menu][open], details.confirm[open]').forEach((menu) => {
    if (!except || !menu.contains(except)) menu.open = false
  })
  document.addEventListener('click', (event) => {
    const target = event.target
    if (!(target instanceof Element)) return
    closeMenus(target)
    const pick = target.closest('[data-theme-pick] button')
    if (pick) chooseTheme(pick.value)
    if (target.closest('[data-help]')) { closeMenus(); help?.showModal() }
    const unsent = target.closest('[data-unsent-back]')
    if (unsent) putBack(unsent.closest('[data-unsent]'))
    const jump = target.closest('a[data-jump]')
    if (jump && jumpTo(jump)) event.preventDefault()
    const copy = target.closest('[data-copy]')
    if (copy) navigator.clipboard?.writeText(one(copy.dataset.copy).textContent.trim()).then(() => toast(says('Copied'), 'success'))
  })

  // --- lists: j and k walk, Enter opens, a acknowledges -------------------------------------------
  const items = () => all('[data-list] > *').filter((item) => item.offsetParent)
  const current = () => document.activeElement?.closest('[data-list] > *')
  const walk = (step) => {
    const list = items()
    if (!list.length) return
    const at = list.indexOf(current())
    const next = list[Math.min(list.length - 1, Math.max(0, at < 0 ? 0 : at + step))]
    if (!next.hasAttribute('tabindex')) next.tabIndex = -1
    next.focus({ preventScroll: true })
    next.scrollIntoView({ block: 'nearest' })
  }
  const open = () => {
    const item = current()
    if (item && document.activeElement === item) (one('[data-open]', item) || one('a[href]', item))?.click()
  }
  const acknowledge = () => (one('[data-act="acknowledge"]', current() || document))?.click()
  // --- triage in the feed: s seen, x set aside, v picks, V picks up to here, u takes back ----------
  const act = (name) => {
    const bulk = one('[data-pick]:checked') && one(`[data-bulk="${name}"]`)
    if (bulk) { bulk.click(); return }
    const item = current()
    const button = one(`[data-act="${name}"]`, item || document)
    if (!button) return
    if (item) { next = item.nextElementSibling?.id || item.id; here = item.id }
    button.click()
  }
  let next = null
  let here = null
  document.addEventListener('htmx:afterSettle', () => {
    if (!next) return
    const item = document.getElementById(next) || document.getElementById(here)
    next = here = null
    item?.focus({ preventScroll: true })
    item?.scrollIntoView({ block: 'nearest' })
  })
  let picked = null
  const pick = () => {
    const box = one('[data-pick]', current() || undefined)
    if (!current() || !box) return
    box.checked = !box.checked
    picked = current()
  }
  const pickRange = () => {
    const list = items()
    const [from, to] = [list.indexOf(picked), list.indexOf(current())].sort((a, b) => a - b)
    if (to < 0) return
    list.slice(Math.max(from, 0), to + 1).forEach((item) => { const box = one('[data-pick]', item); if (box) box.checked = true })
  }
  const undo = () => one('[data-act="undo"]')?.click()
  const follow = (letter) => one(`[data-key="${CSS.escape(letter)}"]`)?.click()
  const openBrands = () => {
    const brands = one('#brands')
    if (!brands) return
    brands.open = true
    one('.sheet a', brands)?.focus()
  }

  // --- inside an open menu: arrows move, letters find ---------------------------------------------
  let typed = ''
  let typedAt = 0
  const inMenu = (event, menu) => {
    const links = all('.sheet a, .sheet button', menu)
    const at = links.indexOf(document.activeElement)
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step) { event.preventDefault(); links[(at + step + links.length) % links.length]?.focus(); return true }
    if (event.key.length !== 1 || event.key === ' ') return false
    typed = event.timeStamp - typedAt < 800 ? typed + event.key : event.key
    typedAt = event.timeStamp
    links.find((link) => link.textContent.trim().toLowerCase().startsWith(typed.toLowerCase()))?.focus()
    return true
  }

  // --- the keyboard -------------------------------------------------------------------------------
  let going = 0
  const keys = {
    '/': () => { one('#search')?.focus(); one('#search')?.select() },
    '?': () => help?.showModal(),
    b: openBrands,
    j: () => walk(1),
    k: () => walk(-1),
    a: acknowledge,
    s: () => act('seen'),
    x: () => act('set_aside'),
    v: pick,
    V: pickRange,
    u: undo,
    Enter: open
  }
  document.addEventListener('keydown', (event) => {
    const target = event.target
    if (event.key === 'Escape') {
      const menu = one('details[data-menu][open], details.confirm[open]')
      closeMenus()
      if (menu) one('summary', menu).focus()
      else if (target.matches?.('#search')) target.blur()
      return
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || one('dialog[open]')) return
    if (target.matches?.('input, textarea, select, [contenteditable]')) return
    const menu = target.closest?.('details[data-menu][open]')
    if (menu && inMenu(event, menu)) return
    if (going && event.timeStamp - going < 1500) {
      going = 0
      event.preventDefault()
      follow(event.key)
    } else if (event.key === 'g') {
      going = event.timeStamp
    } else if (keys[event.key]) {
      if (event.key !== 'Enter') event.preventDefault()
      keys[event.key]()
    }
  })

  // --- the wall clock -----------------------------------------------------------------------------
  const tick = () => all('[data-wall]').forEach((wall) => {
    const shown = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: wall.dataset.zone }
    try { wall.textContent = new Intl.DateTimeFormat('en-GB', shown).format(new Date()) } catch { /* keep the server's */ }
  })
  setInterval(tick, 15000)

  // --- on every page ------------------------------------------------------------------------------
  markTheme()
  all('textarea[data-limit]').forEach(count)
  one('.rail [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' })
})()
