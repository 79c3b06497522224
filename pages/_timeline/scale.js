// Between minutes and pixels, and a place in words. Nothing here touches the page.

const DAY = 1440
const GAP = 8
const AXIS = 24
const EDGE = 14
const PX_A_DAY = 52
const PX_AN_HOUR = 22
const LONG = 12 * DAY
const BEND = 0.6
const NICE = [0, 1, 2, 3, 4, 5, 7, 10, 14, 17, 21, 28, 35, 42, 56, 70, 90, 120, 150, 180, 240, 300, 365, 450, 540, 640]

const mod = (number, by) => ((number % by) + by) % by
const dayOf = (minutes) => Math.floor(minutes / DAY)

// A scale from the first to the last minute. Fit squeezes the far days together, so that the first
// ones, where most happens, keep room.
function scaleOf(zoom, first, last, width, end, card) {
  first = Math.min(first, 0)
  last = Math.max(last, 7 * DAY)
  const room = Math.max(width - card - 2 * EDGE, 120)
  if (zoom === "days") return linear(zoom, PX_A_DAY / DAY, first, Math.max(last + 7 * DAY, end), width, card)
  if (zoom === "hours") return linear(zoom, PX_AN_HOUR / 60, first, Math.max(last + DAY, end), width, card)
  const isLong = Math.max(last, end) - first > LONG
  const bent = isLong
    ? (minutes) => Math.sign(minutes) * Math.pow(Math.abs(minutes) / DAY, BEND)
    : (minutes) => minutes / DAY
  const start = bent(first)
  // The last card has its width behind it, the last dot of a repeat needs none.
  const unit = Math.min(room / (bent(last) - start), (room + card - 8) / (bent(Math.max(end, last)) - start))
  const needed = EDGE + (bent(last) - start) * unit + card + EDGE
  return {
    zoom, first, last, card,
    width: Math.max(width, Math.ceil(needed)),
    x: (minutes) => EDGE + (bent(minutes) - start) * unit,
    minutes: (x) => {
      const value = (x - EDGE) / unit + start
      return (isLong ? Math.sign(value) * Math.pow(Math.abs(value), 1 / BEND) : value) * DAY
    },
  }
}

function linear(zoom, unit, first, last, width, card) {
  const needed = EDGE + (last - first) * unit + card + EDGE
  return {
    zoom, first, last, unit, card,
    width: Math.max(width, Math.ceil(needed)),
    x: (minutes) => EDGE + (minutes - first) * unit,
    minutes: (x) => (x - EDGE) / unit + first,
  }
}

// The marks of the axis between two pixels: {x, text, strong}.
function ticksOf(scale, from, to) {
  if (scale.zoom === "hours") return hourTicks(scale, from, to)
  const days = scale.zoom === "days" ? span(dayOf(scale.minutes(from)), dayOf(scale.minutes(to)) + 1)
    : [...NICE.slice(1).reverse().map((day) => -day), ...NICE, ...span(2, 10).map((year) => 365 * year)]
  const least = scale.zoom === "days" ? 0 : 40
  const ticks = []
  let right = -Infinity
  // Day 0 is always marked, so what stands too near before it goes.
  const zero = scale.x(0)
  for (const day of days) {
    const x = scale.x(day * DAY)
    if (x < from - 60 || x > to + 60 || x > scale.width - 30 || x < EDGE - 6) continue
    if (day !== 0 && (x - right < least || (day < 0 && zero - x < 56))) continue
    ticks.push({ x, text: day === 0 ? "Day 0" : String(day).replace("-", "−"), strong: day % 7 === 0 })
    right = day === 0 ? x + 14 : x
  }
  return ticks
}

function hourTicks(scale, from, to) {
  const ticks = []
  const first = Math.floor(Math.max(scale.minutes(from), scale.first) / 180)
  for (let step = first; step * 180 <= scale.minutes(to) && step * 180 <= scale.last; step += 1) {
    const minutes = step * 180
    const isDay = mod(minutes, DAY) === 0
    const text = isDay ? `Day ${String(minutes / DAY).replace("-", "−")}` : clockText(mod(minutes, DAY))
    ticks.push({ x: scale.x(minutes), text, strong: isDay })
  }
  return ticks
}

const span = (from, to) => Array.from({ length: Math.max(to - from + 1, 0) }, (_, n) => from + n)
const clockText = (minutes) =>
  `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`

function lengthText(minutes) {
  const parts = [[Math.floor(minutes / DAY), "day"], [Math.floor((minutes % DAY) / 60), "hour"], [minutes % 60, "minute"]]
  const said = parts.filter(([n]) => n).map(([n, unit]) => `${n} ${unit}${n === 1 ? "" : "s"}`)
  return said.join(" and ")
}

// A place in words, before Python says it: At once, Day 3, 09:15, 5 days before.
function whenText(minutes, at, ahead) {
  if (at === null && Math.abs(minutes) < DAY) {
    return minutes ? `${lengthText(Math.abs(minutes))} ${minutes < 0 ? "before" : "after"}` : "At once"
  }
  const day = dayOf(minutes), rest = mod(minutes, DAY)
  if (at === null && minutes < 0) return `${lengthText(-minutes)} before`
  const dayWord = day < 0 ? `${lengthText(-day * DAY)} before` : `Day ${day}`
  if (at !== null) return day === 0 && !ahead ? `Next ${clockText(rest)}` : `${dayWord}, ${clockText(rest)}`
  return rest ? `${dayWord} + ${lengthText(rest)}` : dayWord
}

// Where a card lands that was dragged to these minutes.
function snapped(zoom, raw, card, ahead) {
  let minutes
  if (zoom === "hours") {
    minutes = Math.round(raw / 15) * 15
    // Midnight stands for "the same time of day": nobody means it.
    if (card.at !== null && mod(minutes, DAY) === 0) minutes += 15
  } else {
    const day = Math.round(raw / DAY)
    minutes = day === dayOf(card.minutes) ? card.minutes : day * DAY + (card.at ?? 0)
  }
  return held(minutes, card, ahead)
}

// Where a card lands that the keys moved by so many steps.
function stepped(zoom, card, by, ahead) {
  let minutes
  if (zoom === "hours") {
    minutes = card.minutes + by * 60
    if (card.at !== null && mod(minutes, DAY) === 0) minutes += Math.sign(by) * 15
  } else if (card.at !== null || card.minutes % DAY === 0) {
    minutes = card.minutes + by * DAY
  } else {
    minutes = ((by > 0 ? Math.floor : Math.ceil)(card.minutes / DAY) + by) * DAY
  }
  return held(minutes, card, ahead)
}

const held = (minutes, card, ahead) => (minutes < 0 && !ahead ? card.at ?? 0 : minutes)
