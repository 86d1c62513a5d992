/* Mark words in a text, and a small button offers to comment on them. Places are counted in characters
   (code points), as the server counts; struck-out words and the numbers of threads are no part of the text. */
(() => {
  'use strict'
  const form = document.querySelector('#remark form')
  if (!form) return
  const LEFT_OUT = 'del, [data-aside]'
  const box = document.getElementById('remark')
  const place = form.elements.place
  const byHand = form.querySelector('[data-by-hand]')
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'btn small go remark-here'
  button.textContent = box.dataset.word
  button.hidden = true
  document.body.append(button)

  const textNodes = (root) => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
    const found = []
    while (walker.nextNode()) if (!walker.currentNode.parentElement.closest(LEFT_OUT)) found.push(walker.currentNode)
    return found
  }
  const shown = (nodes) => nodes.map((node) => node.data).join('')

  // The letters before a point of the selection, in the text as the server has it.
  const before = (root, node, offset) => {
    const range = document.createRange()
    range.setStart(root, 0)
    range.setEnd(node, offset)
    return textNodes(root).reduce((text, each) => {
      if (!range.intersectsNode(each)) return text
      return text + (each === range.endContainer ? each.data.slice(0, range.endOffset) : range.comparePoint(each, 0) > 0 ? '' : each.data)
    }, '')
  }

  const selected = () => {
    const selection = document.getSelection()
    if (!selection || selection.isCollapsed || !selection.rangeCount) return null
    const range = selection.getRangeAt(0)
    const parent = range.startContainer.nodeType === Node.TEXT_NODE ? range.startContainer.parentElement : range.startContainer
    const root = parent.closest('[data-commentable]')
    if (!root || !root.contains(range.endContainer)) return null
    const head = before(root, range.startContainer, range.startOffset)
    const whole = before(root, range.endContainer, range.endOffset).slice(head.length)
    const words = whole.trim()
    if (!words) return null
    const start = [...head].length + [...whole.slice(0, whole.indexOf(words))].length
    return { root, range, words, start, end: start + [...words].length }
  }

  // The button stands after the text in the page's order, for those who read it; Tab leads to it at once.
  const offer = () => {
    const found = selected()
    button.hidden = !found
    if (!found) return
    if (found.root.nextElementSibling !== button) found.root.after(button)
    const where = found.range.getBoundingClientRect()
    const host = (button.offsetParent || document.documentElement).getBoundingClientRect()
    button.style.top = `${where.bottom - host.top + 6}px`
    button.style.left = `${Math.max(8, Math.min(where.left - host.left, host.width - button.offsetWidth - 8))}px`
  }

  const begin = () => {
    const found = selected()
    if (!found) return
    const value = `${found.root.dataset.commentable}:${found.start}-${found.end}`
    const option = place.querySelector(`option[value="${CSS.escape(value)}"]`) || new Option('', value)
    if (!option.text) option.text = `“${found.words.length > 70 ? found.words.slice(0, 69) + '…' : found.words}”`
    if (!option.parentNode) place.prepend(option)
    place.value = value
    form.elements.quote.value = found.words
    byHand.hidden = true
    box.open = true
    button.hidden = true
    form.elements.text.focus({ preventScroll: true })
    box.scrollIntoView({ block: 'nearest' })
  }

  document.addEventListener('selectionchange', offer)
  button.addEventListener('mousedown', (event) => event.preventDefault()) // keep what is marked
  button.addEventListener('click', begin)
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Tab' || event.shiftKey || button.hidden || document.activeElement !== document.body) return
    event.preventDefault()
    button.focus()
  })
  place.addEventListener('change', () => {
    form.elements.quote.value = ''
    byHand.hidden = false
  })
})()
