// Before anything is drawn: in which colours.
'use strict';
(() => {
  const wish = localStorage.getItem('orchestrator.dark');
  const dark = wish === null ? matchMedia('(prefers-color-scheme: dark)').matches : wish === 'true';
  document.documentElement.dataset.dark = dark;
})();
