// Draws the network with vis-network, which another component has put on the window.
// Names reach the page as text of the canvas or textContent only, never as markup.

const SMALLEST = 11.5
const views = new WeakMap()
const glide = calm ? false : { duration: 350, easingFunction: "easeInOutQuad" }

const flat = (fill, edge) => {
  const both = { background: fill, border: edge }
  return { ...both, highlight: both, hover: both }
}

class View {
  constructor(root) {
    this.root = root
    const part = name => root.querySelector("." + name)
    Object.assign(this, {
      canvas: part("canvas"), tip: part("tip"), least: 0, legend: part("legend"), said: part("said"), hint: part("hint"),
      count: part("count"), sent: new Map(), at: null, lit: null, touched: false, picked: null, nodeById: new Map(), edgeById: new Map(),
    })
    this.nodes = new window.vis.DataSet()
    this.edges = new window.vis.DataSet()
  }

  update(component) {
    this.out = component
    this.data = component.data
    this.theme = themeOf(this.root)
    this.ground = this.data.ground[this.theme]
    this.narrow = this.root.clientWidth > 0 && this.root.clientWidth < 520
    this.canvas.style.height = heightOf(this.root, this.data, 0.95) + "px"
    this.nodeById = new Map(this.data.nodes.map(n => [n.id, n]))
    this.edgeById = new Map(this.data.edges.map(e => [e.id, e]))
    if (this.at && !this.nodeById.has(this.at)) this.at = null
    this.lit = null
    const fresh = this.fill()
    if (this.network) this.follow(fresh)
    else this.start()
    this.pick(this.data.selected)
    this.words()
  }

  // Only what differs is written, so a node that somebody dragged stays where it was dragged to.
  fill() {
    const gone = (set, map) => set.getIds().filter(id => !map.has(id))
    this.edges.remove(gone(this.edges, this.edgeById))
    this.nodes.remove(gone(this.nodes, this.nodeById))
    for (const id of [...this.sent.keys()]) if (!this.nodeById.has(id)) this.sent.delete(id)
    const fresh = []
    this.nodes.update(this.data.nodes.map(n => {
      const look = this.nodeLook(n)
      const place = n.x + " " + n.y
      if (this.sent.get(n.id) === place) return look
      if (!this.sent.has(n.id)) fresh.push(n.id)
      this.sent.set(n.id, place)
      return { ...look, x: n.x, y: n.y }
    }))
    this.edges.update(this.data.edges.map(e => this.edgeLook(e)))
    return fresh
  }

  nodeLook(n, dim = false) {
    const ink = n.ink[this.theme]
    const chosen = this.picked?.kind === "node" && this.picked.id === n.id
    const rim = chosen ? this.ground.text : n.expanded && !n.focus ? this.ground.accent : this.ground.halo
    return {
      id: n.id, label: n.label, shape: n.shape, size: n.size, opacity: dim ? 0.18 : 1, color: flat(ink, rim),
      borderWidth: chosen ? 4 : n.expanded ? 3 : 2, borderWidthSelected: 4,
      font: { ...this.fontOf(n), color: dim ? this.ground.muted + "55" : this.ground.text, strokeColor: this.ground.halo },
    }
  }

  // On a narrow screen the picture shrinks, so its letters grow; labels lie on the side that has no ties.
  fontOf(n) {
    const size = Math.max(n.font.size * (this.narrow ? 1.45 : 1), this.least)
    const lines = n.label.split("\n").length
    return { size, strokeWidth: n.focus ? 7 : 5, vadjust: n.above ? -(2 * n.size + size * (1.75 + lines * 0.5)) : -2 }
  }

  edgeLook(e, dim = false) {
    const ink = e.ink[this.theme]
    const chosen = this.picked?.kind === "tie" && this.picked.id === e.id
    return {
      id: e.id, from: e.from, to: e.to, arrows: "", dashes: e.dashes, smooth: e.smooth, width: e.width * (chosen ? 2 : 1),
      color: { color: ink, highlight: ink, hover: ink, opacity: dim ? 0.12 : 1, inherit: false },
    }
  }

  start() {
    const options = { ...this.data.options, height: "100%", width: "100%" }
    this.network = new window.vis.Network(this.canvas, { nodes: this.nodes, edges: this.edges }, options)
    const net = this.network
    // One stop for the tab key: the drawing's own frame would be a second.
    this.canvas.querySelector(".vis-network").removeAttribute("tabindex")
    net.once("stabilizationIterationsDone", () => net.setOptions({ physics: { enabled: false } }))
    net.on("click", p => this.clicked(p))
    net.on("doubleClick", p => p.nodes[0] && this.expand(p.nodes[0]))
    net.on("hoverNode", p => this.hover("node", p.node, p))
    net.on("hoverEdge", p => this.lit || this.hover("tie", p.edge, p))
    for (const end of ["blurNode", "blurEdge"]) net.on(end, () => this.rest())
    net.on("zoom", p => this.readable(p.scale))
    for (const end of ["dragStart", "zoom"]) net.on(end, () => { this.touched = true; this.tip.hidden = true })
    net.on("afterDrawing", pen => this.marks(pen))
    this.canvas.onkeydown = event => this.key(event)
    this.canvas.onpointerdown = () => this.canvas.focus({ preventScroll: true, focusVisible: false })
    // The wheel and the finger scroll the page until the graph has been chosen.
    this.canvas.onfocus = () => this.awake(true)
    this.canvas.onblur = () => this.awake(false)
    this.canvas.onpointerleave = () => this.rest()
    this.awake(false)
    for (const button of this.root.querySelectorAll(".tools button")) button.onclick = () => this.tool(button.dataset.do)
    this.observer = new ResizeObserver(() => this.touched || this.fit(false))
    this.observer.observe(this.canvas)
    this.fit(false)
  }

  awake(on) {
    this.network.setOptions({ interaction: { zoomView: on, dragView: on || !matchMedia("(pointer: coarse)").matches } })
    const sheet = this.canvas.querySelector("canvas")
    if (sheet) sheet.style.touchAction = on ? "none" : "pan-y"
    this.network.redraw()
  }

  // Room for labels on either side is counted, which the library's own fit does not do.
  fit(animation = glide) {
    const { clientWidth: w, clientHeight: h } = this.canvas
    if (!w || !this.data.nodes.length) return
    const all = this.network.getPositions()
    const box = [Infinity, Infinity, -Infinity, -Infinity]
    for (const n of this.data.nodes) {
      const lines = n.label.split("\n"), font = this.fontOf(n)
      const half = Math.max(n.size, Math.max(...lines.map(l => l.length)) * font.size * 0.29)
      const text = n.size + 10 + lines.length * font.size * 1.1
      const { x, y } = all[n.id]
      box[0] = Math.min(box[0], x - half)
      box[1] = Math.min(box[1], y - (n.above ? text : n.size + 6))
      box[2] = Math.max(box[2], x + half)
      box[3] = Math.max(box[3], y + (n.above ? n.size + 6 : text))
    }
    // On a phone the buttons would cover a name.
    const side = w < 520 ? 44 : 0
    const scale = Math.max(0.25, Math.min(1.15, (w - 24 - side) / (box[2] - box[0]), (h - 24) / (box[3] - box[1])))
    this.network.moveTo({ position: { x: (box[0] + box[2] + side / scale) / 2, y: (box[1] + box[3]) / 2 }, scale, animation })
    this.readable(scale)
  }

  // However far one is away, no name is lower than SMALLEST pixels on the screen.
  readable(scale) {
    const least = SMALLEST / scale
    if (Math.abs(least - this.least) < 0.08 * least) return
    this.least = least
    this.nodes.update(this.data.nodes.map(n => ({ id: n.id, font: this.nodeLook(n).font })))
  }

  // The view moves only if something new would lie outside it.
  follow(fresh) {
    if (!fresh.length) return
    const { clientWidth: w, clientHeight: h } = this.canvas
    const outside = fresh.some(id => {
      const { x, y } = this.domAt(id)
      return x < 30 || y < 30 || x > w - 30 || y > h - 30
    })
    if (outside || !this.touched) this.fit()
  }

  domAt(id) { return this.network.canvasToDOM(this.network.getPosition(id)) }

  tool(what) {
    if (what === "fit") { this.touched = false; return this.fit() }
    this.touched = true
    this.network.moveTo({ scale: this.network.getScale() * (what === "zoom_in" ? 1.3 : 1 / 1.3), animation: glide })
  }

  clicked(p) {
    const node = p.nodes[0], tie = p.edges[0]
    this.tip.hidden = true
    this.at = node ?? null
    this.choose(node ? { kind: "node", id: node } : tie ? { kind: "tie", id: tie } : null)
  }

  choose(selected) {
    const same = (a, b) => a?.kind === b?.kind && a?.id === b?.id
    if (same(selected, this.picked)) return
    this.pick(selected)
    this.out.setStateValue("selected", selected)
  }

  pick(selected) {
    const old = this.picked
    const map = selected?.kind === "node" ? this.nodeById : this.edgeById
    this.picked = selected && map.has(selected.id) ? { kind: selected.kind, id: selected.id } : null
    for (const one of [old, this.picked]) {
      if (one?.kind === "node" && this.nodeById.has(one.id)) this.nodes.update(this.nodeLook(this.nodeById.get(one.id)))
      if (one?.kind === "tie" && this.edgeById.has(one.id)) this.edges.update(this.edgeLook(this.edgeById.get(one.id)))
    }
  }

  expand(id) { this.out.setTriggerValue("expand", id) }

  near(id) { return new Set([id, ...this.network.getConnectedNodes(id)]) }

  // Everything but the neighbourhood steps back.
  light(id) {
    if (this.lit === id) return
    this.lit = id
    const close = id && this.near(id)
    this.nodes.update(this.data.nodes.map(n => this.nodeLook(n, close && !close.has(n.id))))
    this.edges.update(this.data.edges.map(e => this.edgeLook(e, close && e.from !== id && e.to !== id)))
  }

  hover(kind, id, p) {
    const one = (kind === "node" ? this.nodeById : this.edgeById).get(id)
    if (!one) return
    if (kind === "node") this.light(id)
    const at = p.pointer?.DOM ?? this.domAt(kind === "node" ? id : one.from)
    showTip(this.tip, this.canvas, this.tipText(kind, one), at.x, at.y)
  }

  line(node) { return node.label.replaceAll("\n", " ") }

  tipText(kind, one) {
    if (kind === "node") return `${this.line(one)}\n${one.sort} · ${one.ties} ${this.data.words.ties}`
    return `${this.line(this.nodeById.get(one.from))} – ${this.line(this.nodeById.get(one.to))}\n${one.tip}`
  }

  rest() {
    this.tip.hidden = true
    this.light(null)
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (ways[event.key]) this.walk(...ways[event.key])
    else if (event.key === "Home") this.go(this.first())
    else if (event.key === "Escape") { this.at = null; this.rest(); this.choose(null) }
    else if ((event.key === "Enter" || event.key === " ") && this.at) this.choose({ kind: "node", id: this.at })
    else if (event.key === "+" && this.at) this.expand(this.at)
    else if (event.key === "f") this.tool("fit")
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  first() { return (this.data.nodes.find(n => n.focus) ?? this.data.nodes[0])?.id }

  walk(dx, dy) {
    if (!this.at) return this.go(this.first())
    const all = Object.entries(this.network.getPositions()).map(([id, p]) => ({ id, ...p }))
    this.go(nextPoint(all, all.find(p => p.id === this.at), dx, dy))
  }

  go(id) {
    if (!id) return
    this.at = id
    this.light(id)
    this.said.textContent = this.tipText("node", this.nodeById.get(id)).replaceAll("\n", ", ")
    const { x, y } = this.domAt(id)
    const { clientWidth: w, clientHeight: h } = this.canvas
    if (x < 20 || y < 20 || x > w - 20 || y > h - 20) this.network.focus(id, { scale: this.network.getScale(), animation: glide })
    this.network.redraw()
  }

  // On top of the drawing: how many ties are still to come, and where the keyboard is.
  marks(pen) {
    const all = this.network.getPositions()
    for (const n of this.data.nodes) {
      const p = all[n.id]
      if (!p) continue
      if (n.more && !(this.lit && !this.near(this.lit).has(n.id))) this.badge(pen, p.x + n.size * 0.75, p.y - n.size * 0.95, "+" + n.more)
      if (n.focus) this.ring(pen, p, n.size + 6, 2, n.ink[this.theme])
      if (n.id === this.at) this.ring(pen, p, n.size + 10, 3, this.ground.accent)
    }
  }

  ring(pen, p, radius, width, colour) {
    pen.beginPath()
    pen.arc(p.x, p.y, radius, 0, 2 * Math.PI)
    pen.lineWidth = width
    pen.strokeStyle = colour
    pen.setLineDash([])
    pen.stroke()
  }

  badge(pen, x, y, text) {
    pen.font = "600 10px system-ui, sans-serif"
    const w = pen.measureText(text).width + 9
    pen.beginPath()
    pen.roundRect(x, y - 7.5, w, 15, 7.5)
    pen.fillStyle = this.ground.halo
    pen.fill()
    pen.lineWidth = 1
    pen.strokeStyle = this.ground.muted
    pen.setLineDash([])
    pen.stroke()
    pen.fillStyle = this.ground.text
    pen.textAlign = "center"
    pen.textBaseline = "middle"
    pen.fillText(text, x + w / 2, y + 0.5)
  }

  words() {
    const words = this.data.words
    this.canvas.setAttribute("aria-label", words.title + ". " + words.keys_hint)
    this.hint.textContent = words.keys_hint
    this.count.textContent = words.shown
    this.count.hidden = !words.shown
    nameButtons(this.root, words)
    this.legend.setAttribute("aria-label", words.legend)
    this.drawLegend()
  }

  // Buttons are kept when nothing but their state changed, so the keyboard keeps its place.
  drawLegend() {
    const shape = JSON.stringify([this.theme, this.data.legend.map(e => [e.what, e.id, e.label])])
    if (shape !== this.legendShape) {
      const parts = []
      this.data.legend.forEach((e, i, all) => {
        if (i && all[i - 1].what !== e.what) parts.push(document.createElement("i"))
        parts.push(this.legendButton(e))
      })
      this.legend.replaceChildren(...parts)
      this.legendShape = shape
    }
    this.legend.querySelectorAll("button").forEach((button, i) => {
      button.setAttribute("aria-pressed", String(this.data.legend[i].on))
      button.querySelector("small").textContent = this.data.legend[i].count
    })
  }

  legendButton(e) {
    const button = document.createElement("button")
    button.type = "button"
    const text = document.createElement("span")
    text.textContent = e.label
    button.append(this.sample(e), text, document.createElement("small"))
    button.onclick = () => this.out.setTriggerValue("toggle", { what: e.what, id: e.id })
    return button
  }

  sample(e) {
    const make = (name, attributes) => {
      const element = document.createElementNS("http://www.w3.org/2000/svg", name)
      for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value)
      return element
    }
    const svg = make("svg", { width: e.shape ? 14 : 30, height: 14, "aria-hidden": "true" })
    const ink = e.ink[this.theme]
    const corners = {
      square: "2,2 12,2 12,12 2,12", diamond: "7,0 14,7 7,14 0,7", triangle: "7,1 14,13 0,13", triangleDown: "0,1 14,1 7,13",
      hexagon: "3.5,1 10.5,1 14,7 10.5,13 3.5,13 0,7", star: "7,0 9,5 14,5 10,8.5 11.5,14 7,10.7 2.5,14 4,8.5 0,5 5,5",
    }
    if (!e.shape) svg.append(make("line", { x1: 0, y1: 7, x2: 30, y2: 7, stroke: ink, "stroke-width": e.width, "stroke-dasharray": e.dashes.join(" ") }))
    else if (corners[e.shape]) svg.append(make("polygon", { points: corners[e.shape], fill: ink }))
    else svg.append(make("circle", { cx: 7, cy: 7, r: 6, fill: ink }))
    return svg
  }

  end() {
    this.observer?.disconnect()
    this.network?.destroy()
  }
}

export default function (component) {
  const root = component.parentElement.querySelector(".kg-net")
  if (!root || !component.data) return
  const host = component.parentElement
  let live = true
  const draw = () => {
    if (!live) return
    if (!views.has(host)) views.set(host, new View(root))
    views.get(host).update(component)
    root.view = views.get(host)
  }
  // A later run replaces what an earlier one is still waiting to draw.
  removeEventListener("kg-vis-ready", host.waiting)
  if (window.vis?.Network) draw()
  else addEventListener("kg-vis-ready", (host.waiting = draw), { once: true })
  return () => {
    live = false
    views.get(host)?.end()
    views.delete(host)
  }
}
