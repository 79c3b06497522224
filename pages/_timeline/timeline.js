// The timeline: Python's scene in, deeds out. A move is drawn at once and confirmed by the next scene.

const NARROW = 500
const ROOMY = 760
// What a reader of the page chose, by Python's key: it outlives a rerun and a new mount.
const CHOSEN = new Map()

class View extends Doing {
  constructor(component) {
    super()
    this.root = component.parentElement
    const find = (selector) => this.root.querySelector(selector)
    this.section = find(".tl")
    this.scroller = find(".scroller")
    this.canvas = find(".canvas")
    this.list = find(".list")
    this.legend = find(".legend")
    this.note = find(".note")
    this.live = find("[role=status]")
    this.menu = find(".menu")
    this.keys = find(".keys")
    this.kept = new Map()
    this.keptHeads = new Map()
    const name = component.data.key
    this.chosen = CHOSEN.get(name) || {}
    CHOSEN.set(name, this.chosen)
    if (this.chosen.journey !== component.data.journey) this.forget(component.data.journey)
    this.isNew = true
    this.build()
  }

  // Nothing of another journey is left but the zoom.
  forget(journey) {
    this.chosen.deeds?.stop()
    Object.assign(this.chosen, { journey, focus: null, known: null, shown: null, expects: false, moves: new Map(), gone: new Set(), deeds: new Deeds() })
  }

  build() {
    this.grounds = node("div", "grounds")
    this.heads = node("div", "heads")
    this.items = node("div", "items")
    this.lines = document.createElementNS(SVG, "svg")
    this.lines.setAttribute("class", "lines")
    this.lines.setAttribute("aria-hidden", "true")
    this.arrow = document.createElementNS(SVG, "defs")
    const marker = document.createElementNS(SVG, "marker")
    const shape = document.createElementNS(SVG, "path")
    for (const [name, value] of Object.entries({ id: "tip", viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 8, markerHeight: 8, markerUnits: "userSpaceOnUse", orient: "auto" })) marker.setAttribute(name, value)
    shape.setAttribute("d", "M0 0.5L7.5 4L0 7.5Z")
    marker.append(shape)
    this.arrow.append(marker)
    this.flag = node("div", "flag")
    this.flag.hidden = true
    this.ghost = node("button", "ghost", "+")
    this.ghost.type = "button"
    this.ghost.tabIndex = -1
    this.ghost.setAttribute("aria-hidden", "true")
    this.ghost.hidden = true
    const stage = node("div", "stage")
    stage.append(this.grounds, this.lines, this.items, this.ghost, this.flag)
    this.canvas.replaceChildren(this.heads, stage)
    this.canvas.setAttribute("role", "group")
    this.stage = stage
    this.section.addEventListener("focusin", (event) => {
      this.chosen.focus = event.target.closest(".card")?.dataset.key || null
    })
    this.section.addEventListener("focusout", (event) => {
      if (event.relatedTarget) this.chosen.focus = null
    })
    this.section.addEventListener("keydown", (event) => pressed(this, event))
    stage.addEventListener("pointermove", (event) => this.hover(event))
    stage.addEventListener("pointerleave", () => { this.ghost.hidden = true })
    this.ghost.addEventListener("click", () => this.addAt(this.ghostAt))
    let frame = 0
    this.scroller.addEventListener("scroll", () => {
      cancelAnimationFrame(frame)
      frame = requestAnimationFrame(() => drawGrounds(this))
    })
    for (const button of this.section.querySelectorAll("[data-zoom]")) {
      button.addEventListener("click", () => this.zoomTo(button.dataset.zoom))
    }
    const does = { undo: () => this.back("undo"), redo: () => this.back("redo") }
    for (const button of this.section.querySelectorAll("[data-do]")) {
      const add = () => openMenu(this, button, this.addMenu())
      button.addEventListener("click", does[button.dataset.do] || add)
    }
    this.watcher = new ResizeObserver(() => {
      if (this.section.clientWidth !== this.width) this.draw()
    })
  }

  take(component) {
    this.data = component.data
    if (this.chosen.journey !== this.data.journey) this.forget(this.data.journey)
    this.deeds = this.chosen.deeds
    this.deeds.send = (deed) => component.setTriggerValue("deed", { ...deed, journey: this.data.journey })
    this.deeds.settled = (isLast) => this.settled(isLast)
    this.watcher.observe(this.section)
    this.deeds.heard(this.data.taken, this.data.applied)
    if (!this.drag) this.draw()
    this.focusNew()
    if (this.isNew && this.chosen.focus && isFree(document.activeElement)) this.focus(this.chosen.focus)
    this.isNew = false
    if (this.data.selected && this.data.selected !== this.chosen.shown) this.show(this.data.selected)
    this.chosen.shown = this.data.selected
  }

  // A deed is done: what was drawn ahead gives way to what Python says, once no other is on its way.
  settled(isLast) {
    if (!isLast) return
    this.chosen.moves.clear()
    this.chosen.gone.clear()
    if (this.data && !this.drag) this.draw()
  }

  focusNew() {
    const keys = this.data.cards.map((card) => card.key)
    const fresh = this.chosen.known && keys.find((key) => !this.chosen.known.has(key))
    this.chosen.known = new Set(keys)
    if (fresh && this.chosen.expects) {
      this.chosen.expects = false
      this.focus(fresh)
    }
  }

  get zoom() {
    return this.chosen.zoom || (this.section.clientWidth < NARROW ? "list" : "fit")
  }

  zoomTo(zoom) {
    this.chosen.zoom = zoom
    this.draw()
    if (zoom === "hours" || zoom === "days") this.show(this.active)
  }

  // The cards as they are drawn: Python's, with the moves that are on their way.
  get cards() {
    return this.drawn
  }

  foresee() {
    const lanes = new Map(this.data.lanes.map((lane) => [lane.anchor, lane]))
    this.drawn = this.data.cards.filter((card) => !this.chosen.gone.has(card.key)).map((card) => {
      const move = this.chosen.moves.get(card.key)
      const lane = lanes.get(move ? move.lane : card.lane)
      const shift = move ? move.minutes - card.minutes : 0
      const now = move
        ? { ...card, ...move, moved: true, clause: lane.clause, when: whenText(move.minutes, card.at, lane.ahead), dots: card.dots.map((dot) => dot + shift) }
        : card
      return { ...now, astray: this.astray(now, lane) }
    })
  }

  // The phase of a card that stands in another phase's band.
  astray(card, lane) {
    const band = lane?.bands.filter((one) => one.from <= dayOf(card.minutes) * DAY).pop() || lane?.bands[0]
    return card.phase !== null && band && band.phase !== card.phase ? card.phase : null
  }

  cardsOf(anchor) {
    return this.drawn.filter((card) => card.lane === anchor)
      .sort((a, b) => a.minutes - b.minutes || a.index - b.index)
  }

  card(key) {
    return this.drawn.find((card) => card.key === key)
  }

  lane(anchor) {
    return this.data.lanes.find((lane) => lane.anchor === anchor)
  }

  draw() {
    this.width = this.section.clientWidth
    this.font ||= getComputedStyle(this.section).fontFamily
    this.foresee()
    const order = this.data.lanes.flatMap((lane) => this.cardsOf(lane.anchor).map((card) => card.key))
    this.order = order
    if (!order.includes(this.active)) this.active = order.includes(this.data.selected) ? this.data.selected : order[0]
    const isList = this.zoom === "list"
    this.section.classList.toggle("aslist", isList)
    for (const button of this.section.querySelectorAll("[data-zoom]")) {
      button.setAttribute("aria-pressed", String(button.dataset.zoom === this.zoom))
    }
    this.section.querySelector("[data-do=undo]").disabled = !this.data.can_undo
    this.section.querySelector("[data-do=redo]").disabled = !this.data.can_redo
    this.drawLegend()
    if (isList) {
      this.scale = scaleOf("days", 0, 0, 600, 0, 0)
      drawList(this)
    } else this.drawCanvas()
    this.drawNote()
  }

  drawCanvas() {
    this.headWidth = this.width < ROOMY ? 108 : 148
    const card = this.width < ROOMY ? 152 : 176
    this.section.style.setProperty("--head", `${this.headWidth}px`)
    this.section.style.setProperty("--card", `${card}px`)
    const starts = this.drawn.map((card) => card.minutes)
    const ends = this.drawn.map((card) => card.dots[card.dots.length - 1] ?? card.minutes)
    this.scale = scaleOf(this.zoom, Math.min(...starts, 0), Math.max(...starts, 0), this.width - this.headWidth - 2, Math.max(...ends, 0), card)
    this.scale.font = this.font
    this.laid = layout(this)
    this.canvas.style.width = `${this.headWidth + this.scale.width}px`
    this.canvas.style.height = `${this.laid.height}px`
    this.canvas.setAttribute("aria-label", this.data.name || "Touchpoints")
    drawHeads(this)
    drawGrounds(this)
    this.drawCards()
    drawLines(this)
  }

  drawCards() {
    const focused = this.root.activeElement
    keyed(this.items, this.kept, this.order, (key) => this.newCard(key))
    for (const key of this.order) {
      const box = this.kept.get(key), place = this.laid.places.get(key), card = this.card(key)
      const said = JSON.stringify([card, this.data.phases])
      if (box.said !== said) fillCard(box, card, this)
      box.said = said
      box.style.left = `${place.left}px`
      box.style.top = `${place.top}px`
      box.style.height = `${place.height}px`
      const pick = box.firstChild
      pick.tabIndex = key === this.active ? 0 : -1
      box.lastChild.tabIndex = key === this.active ? 0 : -1
      const isChosen = key === this.data.selected
      box.classList.toggle("chosen", isChosen)
      if (isChosen) pick.setAttribute("aria-current", "true")
      else pick.removeAttribute("aria-current")
    }
    if (focused && focused !== this.root.activeElement && focused.isConnected) focused.focus({ preventScroll: true })
  }

  newCard(key) {
    const box = node("div", "card")
    box.dataset.key = key
    const pick = node("button", "pick")
    pick.type = "button"
    pick.setAttribute("aria-describedby", "help")
    pick.addEventListener("click", () => { if (!this.suppressClick) this.pick(key) })
    pick.addEventListener("focus", () => this.activate(key))
    pick.addEventListener("pointerdown", (event) => startDrag(this, event, key))
    const more = node("button", "more", "⋯")
    more.type = "button"
    more.setAttribute("aria-haspopup", "menu")
    more.setAttribute("aria-expanded", "false")
    more.addEventListener("click", () => this.openMenu(more, this.cardMenu(key)))
    box.append(pick, more)
    return box
  }

  drawLegend() {
    const used = new Set(this.drawn.map((card) => card.phase))
    const shown = this.data.phases.map((phase, place) => ({ ...phase, place })).filter((phase) => used.has(phase.place))
    this.legend.replaceChildren(...shown.map((phase) => {
      const entry = node("span", "swatch")
      const colour = node("i")
      colour.style.setProperty("--share", share(this, phase.place))
      entry.append(colour, node("span", "", phase.word))
      return entry
    }))
  }

  drawNote() {
    const said = []
    if (!this.drawn.length) said.push("Nothing is said yet. Add the first touchpoint, or point at a day and press +.")
    else if (this.zoom === "fit") said.push("Days are counted from the event of each lane; far days stand closer together.")
    if (this.zoom === "hours") {
      said.push("Day 0 begins when it happens; a touchpoint with a time of day stands at that time.")
      if (this.data.quiet) said.push(`Shaded: quiet hours, ${this.data.quiet.join(" to ")}.`)
      const chosen = this.card(this.active)
      if (chosen?.hours) said.push(`Hatched: “${chosen.name}” goes only ${chosen.hours}.`)
    }
    if (this.drawn.some((card) => card.figures.some((figure) => figure.unsure))) said.push("≈ opens are unreliable.")
    this.note.textContent = said.join(" ")
  }

  activate(key) {
    if (this.active === key) return
    const before = this.kept.get(this.active)
    if (before) before.firstChild.tabIndex = before.lastChild.tabIndex = -1
    const now = this.kept.get(key)
    now.firstChild.tabIndex = now.lastChild.tabIndex = 0
    this.active = key
    drawLines(this)
    if (this.zoom === "hours") {
      drawGrounds(this)
      this.drawNote()
    }
  }

  focus(key) {
    if (this.zoom === "list") {
      this.list.querySelector(`[data-hold="${CSS.escape(`pick ${key}`)}"]`)?.focus()
      return
    }
    this.kept.get(key)?.firstChild.focus({ preventScroll: true })
    this.show(key)
  }

  // The card is scrolled into view.
  show(key) {
    const isList = this.zoom === "list"
    const box = isList ? this.list.querySelector(`[data-key="${CSS.escape(key)}"]`) : this.kept.get(key)
    if (isList || !box) {
      box?.scrollIntoView({ block: "nearest" })
      return
    }
    const place = this.laid.places.get(key)
    const seen = this.scroller.scrollLeft, room = this.scroller.clientWidth - this.headWidth
    if (place.left < seen + 8) this.scroller.scrollLeft = place.left - 24
    else if (place.left + this.scale.card > seen + room) this.scroller.scrollLeft = place.left + this.scale.card + 24 - room
    box.scrollIntoView({ block: "nearest", inline: "nearest" })
  }

  focusNext(key, along) {
    const to = this.order[this.order.indexOf(key) + along]
    if (to) this.focus(to)
  }

  focusEnd(isLast) {
    this.focus(this.order[isLast ? this.order.length - 1 : 0])
  }
}

// Whether nobody else has the focus: nothing has it, or the timeline that this one replaces.
const isFree = (holder) => !holder || holder === document.body || Boolean(holder.shadowRoot?.querySelector(".tl"))

export default function (component) {
  const root = component.parentElement
  if (!root.pxTimeline || !root.contains(root.pxTimeline.section)) root.pxTimeline = new View(component)
  root.pxTimeline.take(component)
  return () => root.pxTimeline?.watcher.disconnect()
}
