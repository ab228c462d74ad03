// A box that lists what fits while one types: the combobox of the ARIA practices. Names are textContent, never markup.

const boxes = new WeakMap()
const PAUSE = 120

class Box {
  constructor(root) {
    const part = name => root.querySelector(name)
    Object.assign(this, { root, input: part("input"), list: part("ul"), said: part(".said"), key: part("kbd"), name: part("label"), at: 0 })
    this.input.oninput = () => this.typed()
    this.input.onkeydown = event => this.pressed(event)
    this.input.onfocus = () => this.show()
    this.input.onblur = () => this.hide()
    this.list.onmousedown = event => event.preventDefault()
    this.list.onclick = event => this.take(event.target.closest("li")?.dataset.id)
  }

  update({ data, setStateValue, setTriggerValue }) {
    Object.assign(this, { data, state: setStateValue, trigger: setTriggerValue })
    this.root.classList.toggle("main", data.main)
    this.name.textContent = data.words.label
    this.input.setAttribute("aria-label", data.words.label)
    this.list.setAttribute("aria-label", data.words.label)
    this.input.placeholder = data.words.hint
    this.key.hidden = !data.main
    this.key.textContent = data.words.key
    this.show()
    if (this.hurried && this.fits()) this.take(this.data.hits[0]?.id)
  }

  text() { return this.input.value.trim() }

  // What the list was made for is what stands in the box now.
  fits() { return this.text().length >= this.data.shortest && this.data.typed === this.text() }

  typed() {
    this.hurried = false
    this.at = 0
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.ask(), PAUSE)
    this.show()
  }

  ask() {
    clearTimeout(this.timer)
    if (this.text().length >= this.data.shortest && this.data.typed !== this.text()) this.state("typed", this.text())
  }

  show() {
    const open = this.fits() && this.input.getRootNode().activeElement === this.input
    const hits = open ? this.data.hits : []
    this.list.replaceChildren(...hits.map((hit, number) => this.entry(hit, number)))
    this.list.hidden = !hits.length
    this.input.setAttribute("aria-expanded", String(!!hits.length))
    this.said.textContent = open && !hits.length ? this.data.words.none : ""
    this.mark()
  }

  entry(hit, number) {
    const line = document.createElement("li"), name = document.createElement("b"), more = document.createElement("span")
    line.id = "kg-hit-" + number
    line.role = "option"
    line.dataset.id = hit.id
    name.textContent = hit.name
    more.textContent = hit.more ? " · " + hit.more : ""
    line.append(name, more)
    return line
  }

  mark() {
    const lines = [...this.list.children]
    lines.forEach((line, number) => line.setAttribute("aria-selected", String(number === this.at)))
    if (lines[this.at]) this.input.setAttribute("aria-activedescendant", lines[this.at].id)
    else this.input.removeAttribute("aria-activedescendant")
    lines[this.at]?.scrollIntoView({ block: "nearest" })
  }

  pressed(event) {
    const steps = { ArrowDown: 1, ArrowUp: -1 }
    if (event.key in steps && !this.list.hidden) {
      const n = this.list.children.length
      this.at = (this.at + steps[event.key] + n) % n
      this.mark()
    } else if (event.key === "Enter") {
      if (this.fits()) this.take(this.data.hits[this.at]?.id)
      else { this.hurried = true; this.ask() }
    } else if (event.key === "Escape") {
      this.input.value = ""
      this.show()
    } else return
    event.preventDefault()
  }

  hide() {
    this.list.hidden = true
    this.input.setAttribute("aria-expanded", "false")
  }

  take(id) {
    this.hurried = false
    if (!id) return
    this.input.value = ""
    this.show()
    this.trigger("take", id)
  }
}

export default function (component) {
  const host = component.parentElement
  const root = host.querySelector(".kg-search")
  if (!root || !component.data) return
  if (!boxes.has(host)) boxes.set(host, new Box(root))
  const box = boxes.get(host)
  box.update(component)
  const jump = event => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "k") return
    event.preventDefault()
    box.input.focus()
  }
  if (component.data.main) addEventListener("keydown", jump)
  return () => removeEventListener("keydown", jump)
}
