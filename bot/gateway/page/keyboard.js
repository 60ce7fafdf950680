// Fetched when a keyboard is about to rise. iOS lays its keyboard over the page: the page takes the
// size that is left.

const view = window.visualViewport;

function fit() {
  if (view.scale > 1.01) return; // the shopper zoomed in to read
  document.documentElement.style.setProperty('--app-height', `${view.height}px`);
  document.documentElement.style.setProperty('--app-top', `${view.offsetTop}px`);
}

if (view) {
  view.addEventListener('resize', fit);
  view.addEventListener('scroll', fit);
  fit();
}
