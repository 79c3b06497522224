// What people do: dragging, keys, menus; and how it reaches Python, each deed once and in order.

// One deed is on its way at a time; the next leaves when Python's page has run with it. A run that
// is cut short may lose it, so it is told again until Python has heard of it; twice changes nothing.
class Deeds {
  constructor() {
    this.waiting = []
    this.sent = null
    this.name = Math.random().toString(36).slice(2)
    this.number = 0
  }

  tell(deed) {
    const last = this.waiting[this.waiting.length - 1]
    const same = last && deed.kind === "moved" && last.kind === "moved" && last.touchpoint === deed.touchpoint
    if (same) this.waiting.pop()
    this.waiting.push({ ...deed, id: `${this.name}-${(this.number += 1)}` })
    this.next()
  }

  next() {
    if (this.sent || !this.waiting.length) return
    this.sent = this.waiting.shift()
    this.say(MOST_TOLD)
  }

  say(times) {
    this.send(this.sent)
    this.patience(TELL_AGAIN, () => (times > 1 ? this.say(times - 1) : this.done()))
  }

  // Python has run with a deed (applied), or is running with it (taken).
  heard(taken, applied) {
    if (!this.sent) return
    if (applied === this.sent.id) this.done()
    else if (taken === this.sent.id) this.patience(1500, () => this.done())
  }

  done() {
    clearTimeout(this.timer)
    this.sent = null
    this.next()
    this.settled(!this.sent)
  }

  stop() {
    clearTimeout(this.timer)
  }

  patience(milliseconds, act) {
    clearTimeout(this.timer)
    this.timer = setTimeout(act, milliseconds)
  }
}

const TELL_AGAIN = 4000
const MOST_TOLD = 5
const RESTING = 250

function startDrag(view, event, key) {
  if (event.button || view.drag) return
  const card = view.card(key), box = view.kept.get(key), pick = event.currentTarget
  const from = { x: event.clientX, y: event.clientY }
  const drag = { key, box, card, moving: false, lane: card.lane, minutes: card.minutes }
  // A finger scrolls unless it rests on the card first.
  const isTouch = event.pointerType === "touch"
  let isArmed = !isTouch
  const rest = isTouch && setTimeout(() => { isArmed = true; box.classList.add("held") }, RESTING)
  const hold = (now) => { if (isArmed && now.cancelable) now.preventDefault() }
  const move = (now) => {
    const far = Math.hypot(now.clientX - from.x, now.clientY - from.y)
    if (!isArmed && far > 8) stop(false)
    if (!isArmed || (!drag.moving && far < 5)) return
    if (!drag.moving) {
      drag.moving = true
      view.drag = drag
      drag.left = view.laid.places.get(key).left
      drag.scroll = view.scroller.scrollLeft
      box.classList.add("held")
      try { pick.setPointerCapture(event.pointerId) } catch { /* the pointer is gone: up follows */ }
    }
    now.preventDefault()
    dragTo(view, drag, now, from)
  }
  const stop = (dropped, isUp = true) => {
    clearTimeout(rest)
    pick.removeEventListener("touchmove", hold)
    pick.removeEventListener("contextmenu", hold)
    pick.removeEventListener("pointermove", move)
    pick.removeEventListener("pointerup", up)
    pick.removeEventListener("pointercancel", cancel)
    window.removeEventListener("keydown", escape, true)
    box.classList.remove("held")
    if (!drag.moving) return
    view.drag = null
    view.flag.hidden = true
    view.suppressClick = true
    // The click that follows letting go opens nothing, be the button still down.
    const free = () => setTimeout(() => { view.suppressClick = false })
    if (isUp) free()
    else window.addEventListener("pointerup", free, { once: true })
    if (dropped && drag.allowed) view.move(key, drag.lane, drag.minutes)
    else view.draw()
  }
  const up = () => stop(true)
  const cancel = () => stop(false)
  const escape = (pressed) => {
    if (pressed.key !== "Escape") return
    pressed.stopPropagation()
    stop(false, false)
  }
  pick.addEventListener("touchmove", hold, { passive: false })
  pick.addEventListener("contextmenu", hold)
  pick.addEventListener("pointermove", move)
  pick.addEventListener("pointerup", up)
  pick.addEventListener("pointercancel", cancel)
  window.addEventListener("keydown", escape, true)
}

function dragTo(view, drag, now, from) {
  const frame = view.scroller.getBoundingClientRect()
  const edge = 48
  if (now.clientX > frame.right - edge) view.scroller.scrollLeft += 12
  if (now.clientX < frame.left + view.headWidth + edge) view.scroller.scrollLeft -= 12
  const left = drag.left + now.clientX - from.x + view.scroller.scrollLeft - drag.scroll
  const y = now.clientY - view.grounds.getBoundingClientRect().top
  const laid = view.laid.lanes.find((one) => y >= one.top && y < one.top + one.height) ||
    (y < 0 ? view.laid.lanes[0] : view.laid.lanes[view.laid.lanes.length - 1])
  drag.lane = laid.lane.anchor
  drag.allowed = view.mayStand(drag.key, laid.lane)
  drag.minutes = snapped(view.scale.zoom, view.scale.minutes(left), drag.card, laid.lane.ahead)
  if (drag.lane === drag.card.lane && dayOf(drag.minutes) === dayOf(drag.card.minutes) && view.scale.zoom !== "hours") {
    drag.minutes = drag.card.minutes
  }
  const place = view.laid.places.get(drag.key)
  const x = view.scale.x(drag.card.at === null || view.scale.zoom === "hours" ? drag.minutes : dayOf(drag.minutes) * DAY)
  const top = Math.min(Math.max(y - 28, laid.top + AXIS), laid.top + Math.max(laid.height - 40, AXIS))
  drag.box.style.left = `${x}px`
  drag.box.style.top = `${drag.lane === drag.card.lane ? place.top : top}px`
  view.flag.hidden = false
  view.flag.textContent = drag.allowed ? `${whenText(drag.minutes, drag.card.at, laid.lane.ahead)} · ${laid.lane.word}` : "It cannot count from there"
  view.flag.classList.toggle("no", !drag.allowed)
  view.flag.style.left = `${x}px`
  view.flag.style.top = `${parseFloat(drag.box.style.top) - 26}px`
  for (const box of view.grounds.children) box.classList.toggle("over", box.dataset.lane === drag.lane)
}

function pressed(view, event) {
  const key = event.target.closest?.("[data-key]")?.dataset.key
  const ctrl = event.ctrlKey || event.metaKey
  const letter = event.key.toLowerCase()
  if (ctrl && letter === "z") return act(event, () => view.back(event.shiftKey ? "redo" : "undo"))
  if (event.key === "Escape" && view.keys.open) return act(event, () => { view.keys.open = false })
  if (event.key === "?") return act(event, () => { view.keys.open = !view.keys.open })
  if (ctrl && letter === "y") return act(event, () => view.back("redo"))
  if (!key || !event.target.classList.contains("pick")) return undefined
  const card = view.card(key)
  const far = view.scale.zoom === "hours" ? 24 : 7
  const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
  if (by && !ctrl && !event.altKey) return act(event, () => view.step(key, event.shiftKey ? by * far : by))
  const along = { ArrowUp: -1, ArrowDown: 1 }[event.key]
  if (along && event.altKey) return act(event, () => view.toLane(key, along))
  if (along && !ctrl) return act(event, () => view.focusNext(key, along))
  if (event.key === "Home" || event.key === "End") return act(event, () => view.focusEnd(event.key === "End"))
  if (ctrl && letter === "d") return act(event, () => view.duplicate(key))
  if (event.key === "Delete" || event.key === "Backspace") return act(event, () => view.remove(key))
  if (!ctrl && (letter === "n" || event.key === "+")) return act(event, () => view.addAfter(card))
  return undefined
}

function act(event, deed) {
  event.preventDefault()
  event.stopPropagation()
  deed()
}

// A menu beside its button: [{text, act}], a line where `act` is missing.
function openMenu(view, button, items) {
  const menu = view.menu
  const close = (back) => {
    menu.hidden = true
    button.setAttribute("aria-expanded", "false")
    document.removeEventListener("pointerdown", outside, true)
    if (back) button.focus()
  }
  const outside = (event) => { if (!event.composedPath().includes(menu)) close(false) }
  menu.replaceChildren(...items.map((item) => {
    if (!item.act) {
      const title = node("div", "menutitle", item.text)
      title.setAttribute("role", "presentation")
      return title
    }
    const entry = node("button", "entry", item.text)
    entry.type = "button"
    entry.tabIndex = -1
    entry.setAttribute("role", "menuitem")
    entry.addEventListener("click", () => { close(true); item.act() })
    return entry
  }))
  menu.onkeydown = (event) => {
    event.stopPropagation()
    const entries = [...menu.querySelectorAll(".entry")]
    const here = entries.indexOf(view.root.activeElement)
    const to = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: entries.length - 1 }[event.key]
    if (to !== undefined) {
      event.preventDefault()
      entries[mod(to, entries.length)].focus()
    } else if (event.key === "Escape" || event.key === "Tab") {
      event.preventDefault()
      close(true)
    }
  }
  menu.hidden = false
  button.setAttribute("aria-expanded", "true")
  const base = view.section.getBoundingClientRect(), at = button.getBoundingClientRect()
  const left = Math.min(at.left - base.left, base.width - menu.offsetWidth - 4)
  menu.style.left = `${Math.max(left, 0)}px`
  const isLow = at.bottom + menu.offsetHeight + 8 > window.innerHeight && at.top > menu.offsetHeight
  menu.style.top = `${isLow ? at.top - base.top - menu.offsetHeight - 4 : at.bottom - base.top + 4}px`
  menu.querySelector(".entry")?.focus()
  document.addEventListener("pointerdown", outside, true)
}
