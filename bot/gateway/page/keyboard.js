// iOS lays its keyboard over the page: the page takes the size that is left.

const view = window.visualViewport;

export function followKeyboard() {
  if (!view) return;
  const fit = () => {
    if (view.scale > 1.01) return; // the shopper zoomed in to read
    document.documentElement.style.setProperty('--app-height', `${view.height}px`);
    document.documentElement.style.setProperty('--app-top', `${view.offsetTop}px`);
  };
  view.addEventListener('resize', fit);
  view.addEventListener('scroll', fit);
  fit();
}
