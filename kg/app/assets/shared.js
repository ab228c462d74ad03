// What both pictures need.

const calm = matchMedia("(prefers-reduced-motion: reduce)").matches

function themeOf(host) {
  const probe = document.createElement("span")
  probe.style.color = getComputedStyle(host).getPropertyValue("--st-background-color").trim() || "#ffffff"
  document.body.append(probe)
  const [r, g, b] = getComputedStyle(probe).color.match(/[\d.]+/g).map(Number)
  probe.remove()
  return 0.299 * r + 0.587 * g + 0.114 * b < 128 ? "dark" : "light"
}

// A picture that fills the window ends where the window does, and is never lower than what it was made for; on a phone it is
// about as high as it is wide.
function heightOf(root, data, high) {
  const wide = root.clientWidth
  if (wide > 0 && wide < 520) return Math.round(Math.min(data.height, wide * high))
  root.topAt ??= root.getBoundingClientRect().top
  return Math.round(data.fill ? Math.max(data.height, innerHeight - root.topAt - 110) : data.height)
}

// To the next point in that direction: distance counts, and going astray counts double.
function nextPoint(points, here, dx, dy) {
  let best = null, least = Infinity
  for (const p of points) {
    const along = (p.x - here.x) * dx + (p.y - here.y) * dy
    const aside = Math.abs((p.x - here.x) * dy) + Math.abs((p.y - here.y) * dx)
    if (p.id === here.id || along <= 0 || along + 2 * aside >= least || aside > 2.5 * along) continue
    least = along + 2 * aside
    best = p.id
  }
  return best
}

const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }

function showTip(tip, box, text, x, y) {
  tip.textContent = text
  tip.hidden = !text
  if (!text) return
  tip.style.left = Math.max(6, Math.min(x + 14, box.clientWidth - tip.offsetWidth - 6)) + "px"
  tip.style.top = Math.max(6, Math.min(y + 16, box.clientHeight - tip.offsetHeight - 6)) + "px"
}

function nameButtons(root, words) {
  for (const button of root.querySelectorAll(".tools button")) {
    button.title = words[button.dataset.do]
    button.setAttribute("aria-label", words[button.dataset.do])
  }
}
