// What only a browser can do: remember a token and colours, hear keys, and go to another master when this one is gone.
'use strict';
(() => {
  const tokenKey = 'orchestrator.token';
  const mastersKey = 'orchestrator.masters';
  const pause = ms => new Promise(done => setTimeout(done, ms));

  // Another master at the same host has another origin, and no storage of ours: who goes there takes the token along in the tab's name,
  // which a browser forgets by itself where the other one is another site.
  if (window.name.startsWith('orchestrator ')) {
    sessionStorage.setItem(tokenKey, window.name.slice('orchestrator '.length));
    window.name = '';
  }

  const token = () => sessionStorage.getItem(tokenKey) ?? localStorage.getItem(tokenKey);

  window.orchestrator = {
    token,
    keep(text, lasting) {
      sessionStorage.setItem(tokenKey, text);
      if (lasting) localStorage.setItem(tokenKey, text);
    },
    forget() {
      sessionStorage.removeItem(tokenKey);
      localStorage.removeItem(tokenKey);
    },
    masters(addresses) { sessionStorage.setItem(mastersKey, JSON.stringify(addresses)); },
    isDark: () => document.documentElement.dataset.dark === 'true',
    setDark(dark) {
      document.documentElement.dataset.dark = dark;
      localStorage.setItem('orchestrator.dark', dark);
    },
    toEnd(element) { if (element) element.scrollTop = element.scrollHeight; },
  };

  const alive = async origin => {
    try {
      await fetch(`${origin}/healthz`, { mode: 'no-cors', cache: 'no-store', signal: AbortSignal.timeout(2000) });
      return true;
    } catch {
      return false;
    }
  };

  const say = text => {
    const lost = document.getElementById('lost');
    lost.textContent = text;
    lost.hidden = text === '';
  };

  let isDown = false;

  // A connection cannot move to another master: the page is opened anew there.
  const look = async () => {
    for (let round = 0; isDown; round++) {
      if (await alive(location.origin)) {
        try {
          if (!await Blazor.reconnect()) location.reload();
          return;
        } catch {
          // It lives and does not take us yet.
        }
      } else if (round > 0) {
        for (const master of JSON.parse(sessionStorage.getItem(mastersKey) ?? '[]')) {
          if (master === location.origin || !await alive(master)) continue;
          if (token() !== null) window.name = `orchestrator ${token()}`;
          location.href = master + location.pathname + location.search;
          return;
        }
      }
      await pause(Math.min(500 * (round + 1), 3000));
    }
  };

  Blazor.start({
    circuit: {
      // One connection and no question before it.
      configureSignalR: it => it.withUrl('_blazor', { skipNegotiation: true, transport: 1 }).withServerTimeout(15000),
      reconnectionHandler: {
        onConnectionDown() {
          if (isDown) return;
          isDown = true;
          say(`${location.host} does not answer. What you see is how it was; another master is looked for.`);
          look();
        },
        onConnectionUp() {
          isDown = false;
          say('');
        },
      },
    },
  });

  let isGoing = false;
  document.addEventListener('keydown', event => {
    const into = event.target;
    if (event.ctrlKey || event.altKey || event.metaKey || into.isContentEditable || /^(input|textarea|select)$/i.test(into.tagName)) return;
    if (document.querySelector('.mud-dialog')) return;
    if (isGoing) {
      isGoing = false;
      document.querySelector(`[data-key="${CSS.escape(event.key)}"]`)?.click();
    } else if (event.key === 'g') {
      isGoing = true;
      setTimeout(() => { isGoing = false; }, 1500);
    } else if (event.key === '/') {
      const filter = document.querySelector('[data-filter]');
      if (filter) { filter.focus(); event.preventDefault(); }
    } else if (event.key === '?') document.getElementById('keys-button')?.click();
    else if (event.key === 'd') document.getElementById('colours-button')?.click();
  });
})();
