'use strict';

// Every two seconds the page is fetched again; the parts that change are taken over from it.
async function refresh() {
  const response = await fetch('/', { cache: 'no-store' });
  const fresh = new DOMParser().parseFromString(await response.text(), 'text/html');
  for (const part of document.querySelectorAll('[data-live]')) {
    const other = fresh.getElementById(part.id);
    if (other && other.innerHTML !== part.innerHTML) {
      part.replaceChildren(...other.childNodes);
    }
  }
}

async function keepFresh() {
  try {
    if (!document.hidden) {
      await refresh();
      document.documentElement.dataset.fresh = Date.now();
    }
  } catch (unreachable) {
    // The server is gone, or will be back.
  }
  setTimeout(keepFresh, 2000);
}

// Without a secure context there is no clipboard for scripts; what is selected can still be copied.
function copy(code, button) {
  getSelection().selectAllChildren(code);
  const copied = navigator.clipboard
    ? navigator.clipboard.writeText(code.textContent)
    : document.execCommand('copy') ? Promise.resolve() : Promise.reject();
  copied.then(() => { button.textContent = 'Copied'; }, () => { button.textContent = 'Selected'; });
  setTimeout(() => { button.textContent = 'Copy'; }, 1500);
}

for (const code of document.querySelectorAll('dd > code')) {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = 'Copy';
  button.addEventListener('click', () => copy(code, button));
  code.after(button);
}

setTimeout(keepFresh, 2000);
