// Lanes: their heads, axes, bands, dots, closed hours, and the lines between cards.

const SVG = "http://www.w3.org/2000/svg"
const EMPTY = 44

// The top, height and rows of every lane, and the place of every card.
function layout(view) {
  const places = new Map()
  let top = 0
  const lanes = view.data.lanes.map((lane) => {
    const own = packed(view.cardsOf(lane.anchor), view.scale)
    for (const place of own) places.set(place.card.key, { ...place, lane, top: top + AXIS + place.top })
    const foot = lane.bands.length ? 16 : 6
    const height = AXIS + Math.max(EMPTY - foot, ...own.map((place) => place.below)) + foot
    const laid = { lane, top, height, own }
    top += height
    return laid
  })
  return { lanes, places, height: top }
}

function drawHeads(view) {
  const wanted = view.laid.lanes.map(({ lane }) => lane.anchor)
  keyed(view.heads, view.keptHeads, wanted, (anchor) => newHead(view, anchor))
  for (const { lane, top, height } of view.laid.lanes) {
    const head = view.keptHeads.get(lane.anchor)
    head.style.top = `${top}px`
    head.style.height = `${height}px`
    head.style.setProperty("--depth", Math.min(lane.depth, 3))
    head.querySelector(".laneword").textContent = lane.word
    head.querySelector(".laneof").textContent = lane.of
    head.title = `Days after: ${lane.clause}`
    head.querySelector(".plus").setAttribute("aria-label", `Add touchpoint: ${[lane.word, lane.of].filter(Boolean).join(", ")}`)
  }
}

function newHead(view, anchor) {
  const head = node("div", "head")
  const words = node("div", "lanewords")
  words.append(node("div", "laneword"), node("div", "laneof"))
  const plus = node("button", "plus", "+")
  plus.type = "button"
  plus.addEventListener("click", () => view.add(anchor))
  head.append(words, plus)
  return head
}

// The ground of a lane: bands, axis, closed hours. Drawn anew each time, for what is in view.
function drawGrounds(view) {
  const from = view.scroller.scrollLeft - 200
  const to = from + view.scroller.clientWidth + 400
  view.grounds.replaceChildren(...view.laid.lanes.map((laid) => ground(view, laid, from, to)))
}

function ground(view, { lane, top, height, own }, from, to) {
  const made = node("div", "ground")
  made.style.cssText = `top:${top}px;height:${height}px;width:${view.scale.width}px`
  made.dataset.lane = lane.anchor
  lane.bands.forEach((band, place) => {
    const left = place ? view.scale.x(band.from) - GAP / 2 : lane.ahead || view.scale.x(0) <= EDGE ? 0 : view.scale.x(0)
    const next = lane.bands[place + 1]
    const right = next ? view.scale.x(next.from) - GAP / 2 : view.scale.width
    const box = node("div", "band")
    box.style.cssText = `left:${left}px;width:${right - left}px;--share:${share(view, band.phase)}`
    const word = node("span", "phase", view.data.phases[band.phase].word)
    word.style.maxWidth = `${Math.max(right - left - 8, 0)}px`
    box.append(word)
    made.append(box)
  })
  if (view.scale.zoom === "hours") made.append(...closed(view, lane))
  const axis = node("div", "axis")
  const zero = view.scale.x(0)
  if (!lane.ahead && zero > EDGE + 1) {
    const before = node("div", "before")
    before.style.width = `${zero - 1}px`
    made.append(before)
  }
  for (const tick of ticksOf(view.scale, from, to)) {
    if (!lane.ahead && tick.x < zero) continue
    const line = node("div", tick.strong ? "tick strong" : "tick")
    line.style.left = `${tick.x}px`
    line.append(node("span", "", tick.text))
    axis.append(line)
  }
  made.append(axis)
  for (const place of own) if (place.dots.length) made.append(dotRow(view, place, AXIS + place.top + place.height))
  return made
}

const share = (view, phase) => `${4 + Math.round((16 * phase) / Math.max(view.data.phases.length - 1, 1))}%`

function dotRow(view, place, top) {
  const row = node("div", "dots")
  row.title = `${place.card.name}: ${place.card.more}`
  const last = place.dots[place.dots.length - 1]
  row.style.cssText = `top:${top}px;left:${place.left}px;width:${Math.max(last - place.left, 0)}px`
  let right = -Infinity
  for (const x of [place.left, ...place.dots]) {
    if (x - right < 4) continue
    const dot = node("i", "dot")
    dot.style.left = `${x - place.left}px`
    row.append(dot)
    right = x
  }
  return row
}

// Quiet hours, and the hours in which the chosen touchpoint may not go, on every day they are known.
function closed(view, lane) {
  const chosen = view.cards.find((card) => card.key === view.active)
  const made = []
  const start = lane.ahead ? dayOf(view.scale.first) * DAY : DAY
  if (view.data.quiet) {
    const [from, to] = view.data.quiet.map(minutesOf)
    made.push(...hatched(view, "quiet", start, from, to, true))
  }
  if (chosen && chosen.lane === lane.anchor && chosen.window) {
    const { from, to } = chosen.window
    if (from !== null || to !== null) made.push(...hatched(view, "shut", start, from ?? 0, to ?? 0, false))
  }
  return made
}

const minutesOf = (clock) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3))

// One box for all days, cut to the hours from..to, or to all but from..to.
function hatched(view, kind, start, from, to, isClosed) {
  if (from === to) return []
  const unit = view.scale.unit
  const left = view.scale.x(start)
  const box = node("div", `hours ${kind}`)
  const inside = from < to
  const [a, b] = inside ? [from, to] : [to, from]
  const tint = isClosed === inside ? ["transparent", "black", "transparent"] : ["black", "transparent", "black"]
  const px = (minutes) => `${(minutes * unit).toFixed(2)}px`
  box.style.cssText = `left:${left}px;width:${Math.max(view.scale.width - left, 0)}px;` +
    `mask-image:repeating-linear-gradient(90deg,${tint[0]} 0 ${px(a)},${tint[1]} ${px(a)} ${px(b)},${tint[2]} ${px(b)} ${px(DAY)})`
  return [box]
}

function drawLines(view) {
  const { places, height } = view.laid
  view.lines.setAttribute("width", view.scale.width)
  view.lines.setAttribute("height", height)
  const made = []
  for (const link of view.data.links) {
    const from = places.get(link.from), to = places.get(link.to)
    if (!from || !to) continue
    const path = document.createElementNS(SVG, "path")
    path.setAttribute("d", curve(from, to, view.scale.card))
    const near = view.active === link.from || view.active === link.to
    path.setAttribute("class", `${link.why}${near ? " near" : ""}`)
    made.push(path)
  }
  view.lines.replaceChildren(view.arrow, ...made)
}

// From the foot of one card down and into the side or the top of the other; from side to side when
// that stands higher.
function curve(from, to, width) {
  const x = from.left + 12, y = from.top + from.height, middle = to.top + 30
  const left = to.left - 1, right = to.left + width + 1
  if (to.top >= y) {
    if (left >= x + 8) return `M${x} ${y}V${middle - 8}Q${x} ${middle} ${x + 8} ${middle}H${left}`
    if (right <= x - 8) return `M${x} ${y}V${middle - 8}Q${x} ${middle} ${x - 8} ${middle}H${right}`
    const drop = Math.min(Math.max(x, to.left + 14), from.left + width - 10)
    return `M${drop} ${y}V${to.top - 1}`
  }
  const side = from.left + width, high = from.top + 30
  if (left > side) {
    const half = (side + left) / 2
    return `M${side} ${high}C${half} ${high} ${half} ${middle} ${left} ${middle}`
  }
  return `M${x} ${from.top}C${x} ${from.top - 24} ${to.left + 40} ${to.top + to.height + 24} ${to.left + 40} ${to.top + to.height + 1}`
}
