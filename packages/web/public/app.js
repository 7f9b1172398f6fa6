// Small comforts; every page works without them.

const menus = document.querySelectorAll('details.menu');

document.addEventListener('click', (event) => {
  for (const menu of menus) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  for (const menu of menus) {
    if (!menu.open) continue;
    menu.open = false;
    menu.querySelector('summary').focus();
  }
});

// A second click must not send a form twice. A form that downloads a file leaves the page as it is, hence the time limit.
document.addEventListener('submit', (event) => {
  const form = event.target;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = 'true';
  setTimeout(() => delete form.dataset.sent, 5000);
});

document.querySelector('.error-summary')?.focus();

// "Notice published" is news once, not at every reload.
const address = new URL(location.href);
if (address.searchParams.has('done')) {
  address.searchParams.delete('done');
  history.replaceState(history.state, '', address);
}

// A sign-in page that was left alone may have been overtaken by another tab: whoever comes back to it goes on from there.
const overtakable = document.querySelector('form[data-overtakable]');
document.addEventListener('visibilitychange', () => {
  if (overtakable && !isEdited(overtakable) && document.visibilityState === 'visible') location.reload();
});

function isEdited(form) {
  return [...form.elements].some(({ value, defaultValue = value }) => value !== defaultValue);
}

// Whoever has signed out in another tab, of whatever app, is signed out here as well: a page asks when somebody comes back
// to it. What was typed stays: the app refuses the form, and keeps it.
const { session } = document.body.dataset;
let asking = false;
function askWhetherSignedIn() {
  if (!session || asking || document.visibilityState !== 'visible') return;
  asking = true;
  fetch(session)
    .then(({ status }) => {
      asking = false;
      const goOn = status !== 401 || [...document.forms].some(isEdited);
      if (!goOn) location.replace(location.pathname + location.search);
    })
    .catch(() => (asking = false));
}
document.addEventListener('visibilitychange', askWhetherSignedIn);
addEventListener('focus', askWhetherSignedIn);
