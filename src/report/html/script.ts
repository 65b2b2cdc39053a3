/** The only script of the page: the filters above its tables, which are plain tables without it. */
export const SCRIPT = `
for (const form of document.querySelectorAll('form[data-table]')) {
  const items = [...document.getElementById(form.dataset.table).querySelectorAll('[data-item]')];
  const texts = items.map((item) => item.textContent.toLowerCase());
  const selects = [...form.querySelectorAll('select')];
  const search = form.querySelector('input');
  const count = form.querySelector('output');
  const apply = () => {
    const words = search.value.toLowerCase().split(/\\s+/).filter(Boolean);
    let shown = 0;
    items.forEach((item, index) => {
      const matches =
        words.every((word) => texts[index].includes(word)) &&
        selects.every(({ name, value }) => value === '' || item.dataset[name] === value);
      item.hidden = !matches;
      if (matches) shown += 1;
    });
    count.textContent = shown + ' of ' + items.length + ' ' + count.dataset.noun;
  };
  form.addEventListener('input', apply);
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('reset', () => setTimeout(apply));
  form.hidden = false;
  apply();
}
`;
