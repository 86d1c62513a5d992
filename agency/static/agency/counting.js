/* How long a text is, as each channel counts: the same as responses/statements/limits.py, which decides. */
(() => {
  'use strict'
  const segmenter = window.Intl && Intl.Segmenter ? new Intl.Segmenter() : null
  const clusters = (text) => segmenter ? Array.from(segmenter.segment(text), (one) => one.segment) : [...text]
  const bytes = (text) => new TextEncoder().encode(text).length
  const sum = (list, of) => list.reduce((total, one) => total + of(one), 0)

  // --- X: responses/statements/weighing.py
  const LIGHT = [[0, 4351], [8192, 8205], [8208, 8223], [8242, 8247]]
  const X_EMOJI = /\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f|\p{Regional_Indicator}|\u20e3/u
  const PATH = '(?:[/?#][^\\s<>"“”]*[\\p{L}\\p{M}\\p{N}_/=#&+\\-])?'
  const WORD = '\\p{L}\\p{M}\\p{N}_'
  const LINK = new RegExp(
    `(?<scheme>https?://(?:[${WORD}\\-]+\\.)+[${WORD}\\-]{2,}(?::\\d+)?${PATH}/?)` +
    `|(?<bare>(?<![${WORD}@#$./\\-])(?:[a-z0-9\\-]+\\.)+[a-z]{2,24}(?![${WORD}@\\-])${PATH}/?)`, 'giu')
  const GENERIC = new Set(('com org net edu gov mil int info biz name pro app dev blog news site online shop store tech ' +
    'cloud page live life world today media agency group team email link social wiki xyz top club space website').split(' '))
  const isSite = (written) => {
    const [host, ...rest] = written.toLowerCase().split(/[/?#]/)
    const labels = host.split('.')
    const ending = labels.pop()
    if (GENERIC.has(ending) || ending === 'co' || ending === 'tv') return true
    return ending.length === 2 && (labels.length > 1 || rest.length > 0)
  }
  const ofCluster = (cluster) => X_EMOJI.test(cluster)
    ? 2
    : sum([...cluster], (one) => LIGHT.some(([first, last]) => one.codePointAt(0) >= first && one.codePointAt(0) <= last) ? 1 : 2)
  const ofWords = (text) => sum(clusters(text), ofCluster)
  const weight = (text) => {
    text = text.normalize('NFC')
    let [total, at] = [0, 0]
    for (const found of text.matchAll(LINK)) {
      if (!found.groups.scheme && !isSite(found.groups.bare)) continue
      total += ofWords(text.slice(at, found.index)) + 23
      at = found.index + found[0].length
    }
    return total + ofWords(text.slice(at))
  }

  const EMOJI = /\p{Extended_Pictographic}|\p{Emoji_Presentation}|\p{Regional_Indicator}|\u20e3/u
  const COUNTS = {
    graphemes: (text) => clusters(text).length,
    utf16: (text) => text.length,
    mastodon: (text) => clusters(text.replace(/https?:\/\/[^\s<>"“”]+/giu, 'x'.repeat(23))
      .replace(new RegExp(`(?<![${WORD}/])(@[${WORD}]+)@[${WORD}.\\-]+[${WORD}]`, 'gu'), '$1')).length,
    threads: (text) => sum(clusters(text.normalize('NFC')), (one) => EMOJI.test(one) ? bytes(one) : 1),
    x: weight,
  }
  window.tugonCount = (text, how) => (COUNTS[how] || COUNTS.graphemes)(text.replace(/\r\n/g, '\n'))
})()
