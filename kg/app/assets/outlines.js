// Keeps the outlines of the countries on the window, once for every map of the page.

export default function ({ data }) {
  if (!data?.path) return
  window.citytiesOutlines = data.path
  window.dispatchEvent(new Event("kg-outlines-ready"))
}
