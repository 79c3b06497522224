// The same touchpoints from top to bottom, for a phone and for whoever prefers it.

function drawList(view) {
  const held = view.root.activeElement?.dataset?.hold
  view.list.replaceChildren(...view.data.lanes.map((lane) => listLane(view, lane)))
  if (held) view.list.querySelector(`[data-hold="${CSS.escape(held)}"]`)?.focus()
}

function listLane(view, lane) {
  const made = node("div", "listlane")
  const title = [lane.word, lane.of].filter(Boolean).join(": ")
  made.setAttribute("role", "group")
  made.setAttribute("aria-label", title)
  made.style.setProperty("--depth", Math.min(lane.depth, 2))
  const head = node("div", "listhead")
  const words = node("div", "lanewords")
  words.append(node("div", "laneword", lane.word), node("div", "laneof", lane.of))
  head.append(words, tool(`add ${lane.anchor}`, "+", `Add touchpoint: ${title}`, () => view.add(lane.anchor)))
  made.append(head)
  let before = null
  for (const card of view.cardsOf(lane.anchor)) {
    const day = dayOf(card.minutes)
    if (before !== null && day - before > 1) made.append(node("div", "gap", `${day - before} days`))
    made.append(listCard(view, lane, card))
    before = day
  }
  return made
}

function listCard(view, lane, card) {
  const row = node("div", "listrow")
  if (card.phase !== null) row.style.setProperty("--share", share(view, card.phase))
  const box = node("div", "card")
  box.dataset.key = card.key
  const pick = node("button", "pick")
  pick.type = "button"
  pick.dataset.hold = `pick ${card.key}`
  pick.addEventListener("click", () => view.pick(card.key))
  const more = tool(`more ${card.key}`, "⋯", "", () => view.openMenu(more, view.cardMenu(card.key)))
  more.className = "more"
  more.setAttribute("aria-haspopup", "menu")
  box.append(pick, more)
  fillCard(box, { ...card, astray: card.phase }, view)
  box.classList.toggle("chosen", card.key === view.data.selected)
  if (card.key === view.data.selected) pick.setAttribute("aria-current", "true")
  const steps = node("div", "steps")
  for (const [by, sign, word] of [[-1, "↑", "earlier"], [1, "↓", "later"]]) {
    const button = tool(`${word} ${card.key}`, sign, `${card.name}: a day ${word}`, () => view.step(card.key, by))
    button.title = `A day ${word}`
    button.disabled = by < 0 && !lane.ahead && dayOf(card.minutes) <= 0 && (card.at !== null || card.minutes <= 0)
    steps.append(button)
  }
  row.append(box, steps)
  return row
}

function tool(hold, sign, label, act) {
  const button = node("button", "tool", sign)
  button.type = "button"
  button.dataset.hold = hold
  if (label) button.setAttribute("aria-label", label)
  button.addEventListener("click", act)
  return button
}
