// The client's answer over a bad line. Without this file the form is sent as any form is.
// A comment is kept in this tab until its answer has arrived, never the statement; nothing is sent by itself.
(() => {
  const PATIENCE = 20000 // milliseconds without an answer: the line is lost
  const place = (name) => `tugon-answer:${name}`
  const stored = {
    keep: (name, words) => { try { sessionStorage.setItem(place(name), words) } catch { /* it stands in the page */ } },
    of: (name) => { try { return sessionStorage.getItem(place(name)) || '' } catch { return '' } },
    drop: (name) => { try { sessionStorage.removeItem(place(name)) } catch { /* nothing was kept */ } }
  }

  // The page that stands here now, its form made to send over a bad line.
  const start = () => {
    document.querySelectorAll('[data-answered]').forEach((page) => stored.drop(page.dataset.answered))
    const form = document.querySelector('form[data-answer]')
    if (!form) return
    const name = form.dataset.answer
    const comment = form.querySelector('textarea')
    const lost = document.getElementById('lost')
    const buttons = [...document.querySelectorAll('button[form="answer"]')]
    let busy = false

    if (comment) {
      if (!comment.value) comment.value = stored.of(name)
      comment.addEventListener('input', () => stored.keep(name, comment.value))
    }

    const wait = (is) => {
      busy = is
      buttons.forEach((button) => { is ? button.setAttribute('aria-busy', 'true') : button.removeAttribute('aria-busy') })
    }
    const say = () => {
      const note = document.createElement('p')
      note.className = 'note error'
      note.textContent = comment ? lost.dataset.saysChanges : lost.dataset.saysApprove
      lost.replaceChildren(note)
      if (comment) form.setAttribute('data-dirty', '')
    }
    // A refusal is a page: show it in place of this one, as if the form had been sent the plain way.
    const show = async (answer) => {
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
      const main = page.getElementById('main')
      if (!main) { say(); return }
      document.title = page.title
      document.getElementById('main').replaceWith(main)
      document.querySelector('.decide').replaceWith(page.querySelector('.decide') || document.createElement('section'))
      document.getElementById('main').focus()
      start()
    }
    const send = async () => {
      wait(true)
      if (comment) stored.keep(name, comment.value)
      const patience = new AbortController()
      const timer = setTimeout(() => patience.abort(), PATIENCE)
      // Sent again, by a person or by the browser itself, the same answer is told what the first was told.
      const body = new FormData(form)
      body.set('once', '1')
      try {
        const answer = await fetch(form.action, { method: 'POST', body, redirect: 'manual', signal: patience.signal })
        if (answer.type === 'opaqueredirect') { form.removeAttribute('data-dirty'); location.replace(form.dataset.done); return }
        if (answer.status >= 500) say()
        else await show(answer)
      } catch {
        say()
      } finally {
        clearTimeout(timer)
        wait(false)
      }
    }
    form.addEventListener('submit', (event) => {
      event.preventDefault()
      if (!busy) send()
    })
  }
  start()
})()
