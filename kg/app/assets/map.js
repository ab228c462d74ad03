// Draws places and ties on outlines that another component has put on the window; no tiles, no other host.

const views = new WeakMap()
const near = 12

class View {
  constructor(root) {
    this.root = root
    const part = name => root.querySelector("." + name)
    Object.assign(this, { box: part("canvas"), tip: part("tip"), said: part("said"), at: null, over: null, touched: false, fingers: new Map() })
    this.sheet = this.box.querySelector("canvas")
    this.pen = this.sheet.getContext("2d")
    this.hand()
    this.observer = new ResizeObserver(() => this.resize())
    this.observer.observe(this.box)
  }

  update(component) {
    this.out = component
    this.data = component.data
    this.theme = themeOf(this.root)
    this.ground = this.data.ground[this.theme]
    this.land ??= new Path2D(window.citytiesOutlines)
    this.byId = new Map(this.data.places.map(p => [p.id, p]))
    this.picked = this.data.selected
    this.lines = this.data.lines.map(line => {
      const path = new Path2D()
      line.at.forEach(([x, y], i) => (i ? path.lineTo(x, y) : path.moveTo(x, y)))
      return { ...line, path }
    })
    this.box.setAttribute("aria-label", this.data.words.title + ". " + this.data.words.keys_hint)
    nameButtons(this.root, this.data.words)
    this.box.style.height = heightOf(this.root, this.data, 1) + "px"
    const seen = this.data.places.map(p => p.id).sort().join()
    if (seen !== this.seen) this.touched = false
    this.seen = seen
    this.resize()
  }

  resize() {
    const { clientWidth: w, clientHeight: h } = this.box
    if (!w || !h || !this.data) return
    const dense = devicePixelRatio || 1
    if (this.sheet.width !== Math.round(w * dense) || this.sheet.height !== Math.round(h * dense)) {
      this.sheet.width = Math.round(w * dense)
      this.sheet.height = Math.round(h * dense)
    }
    if (!this.touched) this.fit()
    this.draw()
  }

  // Scale k in pixels a degree, and where the point (0, 0) lies on the sheet.
  fit() {
    const { clientWidth: w, clientHeight: h } = this.box
    const all = this.data.places.length ? [...this.data.places, ...this.data.lines.flatMap(l => l.at.map(([x, y]) => ({ x, y })))]
      : [{ x: -12, y: -80 }, { x: 40, y: -40 }]
    const xs = all.map(p => p.x), ys = all.map(p => p.y)
    const reduce = (list, f) => list.reduce((a, b) => f(a, b))
    const [west, east, north, south] = [reduce(xs, Math.min), reduce(xs, Math.max), reduce(ys, Math.min), reduce(ys, Math.max)]
    const margin = Math.min(70, w / 7)
    this.k = Math.max(w / 400, Math.min(90, (w - 2 * margin) / Math.max(east - west, 1e-6), (h - 2 * margin) / Math.max(south - north, 1e-6)))
    this.tx = w / 2 - this.k * (west + east) / 2
    this.ty = h / 2 - this.k * (north + south) / 2
  }

  // With very many places dots and lines grow with the scale, so that the whole world is no blot.
  get many() { return this.data.places.length > 200 }

  get share() { return this.many ? Math.max(0.25, Math.min(1, this.k / 8)) : 1 }

  radius(p) { return p.focus ? p.r : p.r * this.share }

  onSheet(p) { return { x: p.x * this.k + this.tx, y: p.y * this.k + this.ty, id: p.id } }

  draw() {
    const pen = this.pen, dense = devicePixelRatio || 1, { clientWidth: w, clientHeight: h } = this.box
    pen.setTransform(dense, 0, 0, dense, 0, 0)
    pen.fillStyle = this.ground.sea
    pen.fillRect(0, 0, w, h)
    for (const turn of [-360, 360, 0]) this.world(turn, w, dense)
    pen.setTransform(dense, 0, 0, dense, 0, 0)
    pen.setLineDash([])
    for (const p of [...this.data.places].reverse()) this.dot(p)
    this.names(w, h)
  }

  world(turn, w, dense) {
    const left = (turn - 190) * this.k + this.tx, right = (turn + 190) * this.k + this.tx
    const pen = this.pen, k = this.k
    if (turn && (right < 0 || left > w)) return
    pen.setTransform(dense * k, 0, 0, dense * k, dense * (this.tx + turn * k), dense * this.ty)
    pen.setLineDash([])
    pen.fillStyle = this.ground.land
    pen.strokeStyle = this.ground.border
    pen.lineWidth = 1 / k
    pen.fill(this.land, "evenodd")
    pen.stroke(this.land)
    if (turn) return
    pen.lineJoin = "round"
    const thin = this.share
    for (const line of this.lines) {
      const lit = this.isPicked("tie", line.id) || this.over === line.id || this.at && line.tip.includes(this.byId.get(this.at)?.label)
      pen.strokeStyle = line.ink[this.theme]
      pen.globalAlpha = lit ? 1 : 0.4 + 0.6 * thin
      pen.lineWidth = line.width * (lit ? 1.8 : Math.max(thin, 0.5)) / k
      pen.setLineDash(line.dashes.map(d => d / k))
      pen.stroke(line.path)
    }
    pen.globalAlpha = 1
  }

  isPicked(kind, id) { return this.picked?.kind === kind && this.picked.id === id }

  dot(p) {
    const { x, y } = this.onSheet(p), pen = this.pen, r = this.radius(p)
    pen.beginPath()
    pen.arc(x, y, r, 0, 2 * Math.PI)
    pen.fillStyle = p.ink[this.theme]
    pen.fill()
    pen.lineWidth = this.isPicked("node", p.id) ? 3 : 1.5 * Math.max(this.share, 0.5)
    pen.strokeStyle = this.isPicked("node", p.id) ? this.ground.text : this.ground.sea
    pen.stroke()
    if (p.focus || p.id === this.at || p.id === this.over) {
      pen.beginPath()
      pen.arc(x, y, r + 4.5, 0, 2 * Math.PI)
      pen.lineWidth = p.id === this.at ? 3 : 2
      pen.strokeStyle = p.id === this.at ? this.ground.accent : p.ink[this.theme]
      pen.stroke()
    }
  }

  // The focus first, then the larger places; a name that would cover another is left to the pointer.
  names(w, h) {
    const pen = this.pen, taken = [[w - 54, 0, w, 134]]
    // With very many places names keep a distance from each other; with fewer they keep off the dots of others as well.
    const dots = this.many ? [] : this.data.places.map(p => ({ ...this.onSheet(p), r: p.r }))
    const [aside, above] = this.many ? [14, 14] : [3, 8]
    const free = (b, own) => taken.every(t => b[2] < t[0] || b[0] > t[2] || b[3] < t[1] || b[1] > t[3])
      && dots.every(d => d.id === own || d.x + d.r < b[0] || d.x - d.r > b[2] || d.y + d.r < b[1] || d.y - d.r > b[3])
    pen.textBaseline = "middle"
    pen.lineJoin = "round"
    for (const p of this.data.places) {
      const { x, y } = this.onSheet(p)
      if (x < -20 || y < -20 || x > w + 20 || y > h + 20) continue
      pen.font = p.focus ? "600 15px system-ui, sans-serif" : "13px system-ui, sans-serif"
      const wide = pen.measureText(p.label).width, r = this.radius(p), off = r + (p.focus ? 15 : 10)
      const spots = [[x - wide / 2, y + off], [x - wide / 2, y - off], [x + r + 7, y], [x - r - 7 - wide, y]]
      const boxes = spots.map(([u, v]) => [u - aside, v - above, u + wide + aside, v + above])
      const box = boxes.find(b => b[0] > 0 && b[2] < w && b[3] < h && free(b, p.id)) ?? (p.focus ? boxes[0] : null)
      if (!box) continue
      taken.push(box)
      pen.lineWidth = 4
      pen.strokeStyle = this.ground.land
      pen.fillStyle = this.ground.text
      pen.strokeText(p.label, box[0] + aside, box[1] + above)
      pen.fillText(p.label, box[0] + aside, box[1] + above)
    }
  }

  spot(event) {
    const box = this.sheet.getBoundingClientRect()
    return { x: event.clientX - box.left, y: event.clientY - box.top }
  }

  // The nearest place within reach, else the tie under the pointer.
  under({ x, y }) {
    let best = null, least = near ** 2
    for (const p of this.data.places) {
      const s = this.onSheet(p), d = (s.x - x) ** 2 + (s.y - y) ** 2
      if (d <= Math.max(least, (p.r + 3) ** 2) && (!best || d < least)) [best, least] = [p, d]
    }
    if (best) return { kind: "node", id: best.id, tip: best.tip }
    const dense = devicePixelRatio || 1, pen = this.pen
    pen.setTransform(dense * this.k, 0, 0, dense * this.k, dense * this.tx, dense * this.ty)
    pen.setLineDash([])
    pen.lineWidth = near / this.k
    const line = this.lines.find(l => pen.isPointInStroke(l.path, x * dense, y * dense))
    return line ? { kind: "tie", id: line.id, tip: line.tip } : null
  }

  zoom(factor, x = this.box.clientWidth / 2, y = this.box.clientHeight / 2) {
    const k = Math.max(this.box.clientWidth / 800, Math.min(400, this.k * factor))
    this.tx = x - (x - this.tx) * k / this.k
    this.ty = y - (y - this.ty) * k / this.k
    this.k = k
    this.touched = true
    this.draw()
  }

  tool(what) {
    if (what !== "fit") return this.zoom(what === "zoom_in" ? 1.5 : 1 / 1.5)
    this.touched = false
    this.resize()
  }

  choose(one) {
    const selected = one && { kind: one.kind, id: one.id }
    if (selected?.kind === this.picked?.kind && selected?.id === this.picked?.id) return
    this.picked = selected
    this.draw()
    this.out.setStateValue("selected", selected)
  }

  hand() {
    const box = this.box
    // The wheel and one finger scroll the page until the map has been chosen.
    const awake = on => { this.awake = on; box.style.touchAction = on ? "none" : "pan-y" }
    awake(false)
    box.onfocus = () => awake(true)
    box.onblur = () => { awake(false); this.at = null; this.data && this.draw() }
    box.onpointerdown = e => {
      box.focus({ preventScroll: true, focusVisible: false })
      box.setPointerCapture(e.pointerId)
      this.fingers.set(e.pointerId, this.spot(e))
      this.moved = 0
    }
    box.onpointermove = e => this.fingers.has(e.pointerId) ? this.drag(e) : this.hover(e)
    box.onpointerup = e => {
      this.fingers.delete(e.pointerId)
      if (this.moved < 5) this.choose(this.under(this.spot(e)))
    }
    box.onpointercancel = e => this.fingers.delete(e.pointerId)
    box.onpointerleave = () => this.rest()
    box.ondblclick = e => {
      const one = this.under(this.spot(e))
      if (one?.kind === "node") this.out.setTriggerValue("expand", one.id)
    }
    box.onwheel = e => {
      if (!this.awake) return
      e.preventDefault()
      const { x, y } = this.spot(e)
      this.zoom(2 ** (-e.deltaY / 300), x, y)
    }
    box.onkeydown = e => this.key(e)
    for (const button of this.root.querySelectorAll(".tools button")) button.onclick = () => this.tool(button.dataset.do)
  }

  drag(e) {
    const from = this.fingers.get(e.pointerId), to = this.spot(e)
    const other = [...this.fingers].find(([id]) => id !== e.pointerId)?.[1]
    this.fingers.set(e.pointerId, to)
    this.moved += Math.hypot(to.x - from.x, to.y - from.y)
    if (this.moved < 5) return
    this.touched = true
    this.rest()
    if (other) return this.zoom(Math.hypot(to.x - other.x, to.y - other.y) / Math.max(Math.hypot(from.x - other.x, from.y - other.y), 1), other.x, other.y)
    this.tx += to.x - from.x
    this.ty += to.y - from.y
    this.draw()
  }

  hover(e) {
    const at = this.spot(e), one = this.under(at)
    showTip(this.tip, this.box, one?.tip ?? "", at.x, at.y)
    this.box.style.cursor = one ? "pointer" : "grab"
    if (this.over === (one?.id ?? null)) return
    this.over = one?.id ?? null
    this.draw()
  }

  rest() {
    this.tip.hidden = true
    if (this.over === null) return
    this.over = null
    this.draw()
  }

  key(e) {
    if (e.ctrlKey || e.metaKey || e.altKey) return
    const here = this.byId.get(this.at)
    if (ways[e.key]) this.go(here ? nextPoint(this.data.places, here, ...ways[e.key]) : this.data.places[0]?.id)
    else if (e.key === "Home") this.go(this.data.places[0]?.id)
    else if (e.key === "Escape") { this.at = null; this.choose(null); this.draw() }
    else if ((e.key === "Enter" || e.key === " ") && here) this.choose({ kind: "node", id: here.id })
    else if (e.key === "+" && here) this.out.setTriggerValue("expand", here.id)
    else if (e.key === "f") this.tool("fit")
    else return
    e.preventDefault()
    e.stopPropagation()
  }

  go(id) {
    if (!id) return
    this.at = id
    const p = this.byId.get(id), { x, y } = this.onSheet(p), { clientWidth: w, clientHeight: h } = this.box
    if (x < 20 || y < 20 || x > w - 20 || y > h - 20) {
      this.touched = true
      this.tx += w / 2 - x
      this.ty += h / 2 - y
    }
    this.said.textContent = p.tip.replaceAll("\n", ", ")
    this.draw()
  }
}

export default function (component) {
  const root = component.parentElement.querySelector(".kg-map"), host = component.parentElement
  if (!root || !component.data) return
  let live = true
  const draw = () => {
    if (!live) return
    if (!views.has(host)) views.set(host, new View(root))
    views.get(host).update(component)
    root.view = views.get(host)
  }
  removeEventListener("kg-outlines-ready", host.waiting)
  if (window.citytiesOutlines) draw()
  else addEventListener("kg-outlines-ready", (host.waiting = draw), { once: true })
  return () => {
    live = false
    views.get(host)?.observer.disconnect()
    views.delete(host)
  }
}
