// Cards: what one shows, and where each stands so that none covers another.

const FIGURE_WORDS = {
  planned: "planned", sent: "sent", opened: "opened", clicked: "clicked", answered: "answered",
  unsubscribed: "unsubscribed", held: "held", review: "to review", failed: "failed", skipped: "skipped", waiting: "waiting",
}
const NUMBER = new Intl.NumberFormat(undefined, { notation: "compact" })
const WHOLE = new Intl.NumberFormat()
const DOTS = 16

function node(tag, name, text) {
  const made = document.createElement(tag)
  if (name) made.className = name
  if (text !== undefined) made.textContent = text
  return made
}

// The children of `parent` are these, each made once and kept: focus and reading place stay.
function keyed(parent, kept, wanted, make) {
  const gone = new Set(kept.keys())
  let behind = null
  wanted.forEach((key) => {
    gone.delete(key)
    if (!kept.has(key)) kept.set(key, make(key))
    const here = kept.get(key)
    const next = behind ? behind.nextSibling : parent.firstChild
    if (next !== here) parent.insertBefore(here, next)
    behind = here
  })
  for (const key of gone) {
    kept.get(key).remove()
    kept.delete(key)
  }
}

function channelSigns(card, signs, width) {
  const isMarked = card.asks || card.texts > 1 || !card.marketing
  const isFull = card.channels.length > 2
  const isShort = isMarked && isFull && width > 0 && width < 170
  const row = node("span", "channels")
  card.channels.forEach((channel, place) => {
    const sign = signs[channel] || { word: channel, glyph: "•", colour: "gray" }
    if (place) row.append(node("span", "or", "›"))
    const chip = node("span", `chip ${sign.colour}`)
    chip.append(node("span", "glyph", sign.glyph))
    if (place ? !isMarked && !isFull : !isShort) chip.append(node("span", "word", sign.word))
    chip.title = place ? `else ${sign.word}` : sign.word
    row.append(chip)
  })
  return row
}

function troubleSigns(card) {
  const row = node("span", "troubles")
  const told = [["problem", "⚠", card.problems, "to mend"], ["warning", "△", card.warnings, "to look at"]]
  for (const [kind, glyph, sentences, what] of told) {
    if (!sentences.length) continue
    const sign = node("span", `trouble ${kind}`)
    sign.append(node("span", "glyph", glyph), node("span", "", sentences.length > 1 ? `${sentences.length} ${what}` : sentences[0]))
    sign.title = sentences.join("\n")
    row.append(sign)
  }
  return row
}

function figureText(figure) {
  const count = `${figure.unsure ? "≈ " : ""}${NUMBER.format(figure.count)}`
  return `${count} ${FIGURE_WORDS[figure.kind] || figure.kind}`
}

// What a screen reader says of a card: all of it.
function spokenText(card, when) {
  const figures = card.figures.map((figure) =>
    `${WHOLE.format(figure.count)} ${FIGURE_WORDS[figure.kind] || figure.kind}${figure.unsure ? ", unreliable" : ""}`)
  const parts = [
    when ? `${card.name}, ${when}` : card.spoken,
    ...figures,
    ...card.problems.map((sentence) => `To mend: ${sentence}`),
    ...card.warnings.map((sentence) => `To look at: ${sentence}`),
  ]
  return parts.join(", ")
}

function fillCard(box, card, view) {
  const pick = box.querySelector(".pick")
  const top = node("span", "top")
  top.append(channelSigns(card, view.data.channels, view.scale.card))
  const marks = node("span", "marks")
  if (card.asks) marks.append(mark("?", "Asks a question"))
  if (card.texts > 1) marks.append(mark("A/B", `${card.texts} texts are compared`))
  if (!card.marketing) marks.append(mark("Order", "Part of the order, not marketing"))
  top.append(marks)
  const when = node("span", "when", card.when)
  if (card.astray !== null) when.append(node("span", "astray", view.data.phases[card.astray].word))
  const parts = [top, node("span", "name", card.name), when]
  if (card.condition) parts.push(node("span", "condition", card.condition))
  if (card.figures.length) {
    const row = node("span", "figures")
    card.figures.forEach((figure) => {
      const shown = node("span", figure.unsure ? "figure unsure" : "figure", figureText(figure))
      if (figure.unsure) shown.title = "Opens are unreliable: some mail programs open everything by themselves."
      row.append(shown)
    })
    parts.push(row)
  }
  if (card.problems.length || card.warnings.length) parts.push(troubleSigns(card))
  pick.replaceChildren(...parts)
  pick.setAttribute("aria-label", spokenText(card, card.moved ? `${card.when}, ${card.clause}` : ""))
  pick.title = [card.name, card.condition, card.more].filter(Boolean).join("\n")
  box.className = `card ${(view.data.channels[card.channels[0]] || {}).colour || "gray"}`
  box.querySelector(".more").setAttribute("aria-label", `More for ${card.name}`)
}

const mark = (text, title) => {
  const made = node("span", "mark", text)
  made.title = title
  return made
}

// How wide words are, known without asking the page to lay itself out.
const WIDTHS = new Map()
const PEN = document.createElement("canvas").getContext("2d")

function widthOf(text, font) {
  const key = font + text
  if (!WIDTHS.has(key)) {
    if (WIDTHS.size > 5000) WIDTHS.clear()
    PEN.font = font
    WIDTHS.set(key, PEN.measureText(text).width)
  }
  return WIDTHS.get(key)
}

function figureLines(card, inner, font) {
  let lines = 1, used = 0
  for (const figure of card.figures) {
    const width = widthOf(figureText(figure), font)
    if (used && used + 8 + width > inner) {
      lines += 1
      used = 0
    }
    used += (used ? 8 : 0) + width
  }
  return lines
}

function heightOf(card, scale) {
  const inner = scale.card - 24
  const lines = (text, font) => (widthOf(text, `${font} ${scale.font}`) > inner ? 2 : 1)
  let height = 17 + 18 + 17 * lines(card.name, "600 13px") + 17
  if (card.condition) height += 16 * lines(card.condition, "12px")
  if (card.figures.length) height += 16 * figureLines(card, inner, `12px ${scale.font}`)
  if (card.problems.length) height += 18
  if (card.warnings.length) height += 18
  return height
}

// Cards within a lane, each as high up as it has room beside those before it.
function packed(cards, scale) {
  const taken = []
  return cards.map((card) => {
    const left = scale.x(scale.zoom === "hours" ? card.minutes : standing(card))
    const dots = card.dots.map((minutes) => scale.x(minutes))
    const height = heightOf(card, scale)
    const boxes = [{ left, right: left + scale.card + GAP, above: 0, below: height + GAP }]
    if (dots.length) {
      const right = Math.max(left + scale.card, dots[dots.length - 1]) + GAP
      boxes.push({ left: left - GAP, right, above: height, below: height + DOTS + GAP })
    }
    const fits = (top) => !boxes.some((box) => taken.some((one) =>
      box.left < one.right && one.left < box.right && top + box.above < one.below && one.above < top + box.below))
    const top = [0, ...taken.map((one) => one.below)].sort((a, b) => a - b).find(fits)
    for (const box of boxes) taken.push({ ...box, above: top + box.above, below: top + box.below })
    return { card, left, dots, height, top, below: Math.max(...boxes.map((box) => top + box.below)) }
  })
}

// Where a card stands when only days count: at the start of its day.
const standing = (card) => (card.at === null ? card.minutes : dayOf(card.minutes) * DAY)
