// What can be done on the timeline: each is drawn at once, said aloud, and told to Python.

class Doing {
  announce(text) {
    this.live.textContent = text
  }

  pick(key) {
    this.active = key
    this.deeds.tell({ kind: "picked", touchpoint: key })
  }

  mayStand(key, lane) {
    const above = new Map(this.data.cards.map((card) => [card.key, this.lane(card.lane)?.parent]))
    for (let now = lane.parent, n = 0; now && n < 300; now = above.get(now), n += 1) if (now === key) return false
    return true
  }

  move(key, anchor, minutes) {
    const card = this.card(key), lane = this.lane(anchor)
    if (anchor === card.lane && minutes === card.minutes) {
      this.draw()
      return
    }
    this.chosen.moves.set(key, { lane: anchor, minutes })
    this.draw()
    if (this.zoom !== "list") this.focus(key)
    const before = lane.ahead ? lane.clause : `when ${lane.clause}`
    this.announce(`${card.name}: ${whenText(minutes, card.at, lane.ahead)}, counted from ${before}`)
    this.deeds.tell({ kind: "moved", touchpoint: key, days: minutes / DAY, anchor })
  }

  step(key, by) {
    const card = this.card(key), lane = this.lane(card.lane)
    const minutes = stepped(this.scale.zoom, card, by, lane.ahead)
    if (minutes === card.minutes) this.announce(`${card.name} cannot go earlier`)
    else this.move(key, card.lane, minutes)
  }

  toLane(key, along) {
    const card = this.card(key), lanes = this.data.lanes
    let place = lanes.findIndex((lane) => lane.anchor === card.lane) + along
    while (lanes[place] && !this.mayStand(key, lanes[place])) place += along
    const lane = lanes[place]
    if (lane) this.move(key, lane.anchor, held(card.minutes, card, lane.ahead))
    else this.announce("There is no further lane")
  }

  // Where the next one in a lane would stand: a day behind its last.
  add(anchor) {
    const last = this.cardsOf(anchor).pop()
    this.addAt({ anchor, minutes: last ? (dayOf(last.minutes) + 1) * DAY : this.lane(anchor)?.ahead ? -7 * DAY : 0 })
  }

  addAfter(card) {
    this.addAt({ anchor: card.lane, minutes: (dayOf(card.minutes) + 1) * DAY })
  }

  addAt({ anchor, minutes }) {
    const bands = this.lane(anchor)?.bands || []
    const band = bands.filter((one) => one.from <= minutes).pop() || bands[0]
    this.ghost.hidden = true
    this.chosen.expects = true
    this.announce("A touchpoint is added")
    this.deeds.tell({ kind: "added", anchor, days: minutes / DAY, phase: band ? this.data.phases[band.phase].key : null })
  }

  duplicate(key) {
    this.chosen.expects = true
    this.announce(`${this.card(key).name} is duplicated`)
    this.deeds.tell({ kind: "duplicated", touchpoint: key })
  }

  remove(key) {
    const place = this.order.indexOf(key), next = this.order[place + 1] || this.order[place - 1]
    this.announce(`${this.card(key).name} is deleted`)
    this.chosen.gone.add(key)
    this.draw()
    this.deeds.tell({ kind: "deleted", touchpoint: key })
    if (next) this.focus(next)
  }

  back(kind) {
    if (!this.data[`can_${kind}`]) return
    this.announce(kind === "undo" ? "The last change is taken back" : "The change is made again")
    this.deeds.tell({ kind })
  }

  openMenu(button, items) {
    openMenu(this, button, items)
  }

  cardMenu(key) {
    const card = this.card(key)
    const follow = (word, text) => ({ text, act: () => this.addAt({ anchor: `${word}:${key}`, minutes: word === "unanswered" || word === "answered" ? 0 : DAY }) })
    return [
      { text: "Open", act: () => this.pick(key) },
      { text: "Duplicate", act: () => this.duplicate(key) },
      { text: "Delete", act: () => this.remove(key) },
      { text: "Add what follows" },
      { text: "A day later", act: () => this.addAfter(card) },
      ...(card.asks ? [follow("answered", "When it is answered"), follow("unanswered", "When no answer comes")] : []),
      follow("sent", "A day after it is sent"),
      follow("clicked", "A day after a link in it is followed"),
    ]
  }

  addMenu() {
    const lanes = this.data.lanes.map((lane) => ({
      text: [lane.word, lane.of].filter(Boolean).join(": "), act: () => this.add(lane.anchor),
    }))
    const offers = this.data.offers.map((offer) => ({ text: offer.word, act: () => this.add(offer.anchor) }))
    return [{ text: "Counted from" }, ...lanes, ...(offers.length ? [{ text: "A new lane" }, ...offers] : [])]
  }

  // The + under the pointer, at the day it would be added.
  hover(event) {
    if (this.drag || event.pointerType === "touch" || event.target.closest(".card") || event.target === this.ghost) {
      if (this.drag || event.target.closest?.(".card")) this.ghost.hidden = true
      return
    }
    const box = this.stage.getBoundingClientRect()
    const x = event.clientX - box.left, y = event.clientY - box.top
    const laid = this.laid.lanes.find((one) => y >= one.top && y < one.top + one.height)
    if (!laid) return
    const unit = this.scale.zoom === "hours" ? 60 : DAY
    let minutes = Math.round(this.scale.minutes(x) / unit) * unit
    if (!laid.lane.ahead) minutes = Math.max(minutes, 0)
    this.ghostAt = { anchor: laid.lane.anchor, minutes }
    this.ghost.hidden = false
    this.ghost.textContent = `+ ${whenText(minutes, null, laid.lane.ahead)}`
    this.ghost.style.left = `${this.scale.x(minutes)}px`
    this.ghost.style.top = `${Math.min(Math.max(y - 14, laid.top + AXIS), laid.top + laid.height - 30)}px`
  }
}
