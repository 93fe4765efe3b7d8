"use strict";
(() => {
  const read = id => JSON.parse(document.getElementById(id).textContent);
  const words = read("words");
  const register = read("register-data");
  const map = read("map-data");
  const find = id => document.getElementById(id);
  const make = (name, text, attributes = {}) => {
    const element = document.createElement(name);
    if (text !== undefined) element.textContent = text;
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  };
  const grouped = number => String(number).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
  const metres = length => length < 9999.5 ? `${grouped(Math.round(length))} m` : `${grouped(Math.round(length / 100) / 10)} km`;
  const percent = share => `${Math.round(share * 1000) / 10}%`;

  // the register: rows become objects with the words of their cells
  const worded = new Set(register.worded), estimated = new Set(register.estimated);
  const problems = register.rows.map(row => {
    const problem = {};
    register.columns.forEach((column, at) => {
      problem[column] = worded.has(column) && row[at] !== null ? register.words[row[at]] : row[at];
    });
    const audience = new Set(register.audience[problem.service] || []);
    problem.for = 0;
    problem.by_group = [];
    for (let at = 0; at < problem.groups.length; at += 2) {
      const [group, people] = [problem.groups[at], problem.groups[at + 1]];
      problem.by_group.push({ text: `${register.groups[group]}${words.between}${estimated.has(group) ? "≈" : ""}${grouped(people)}`, is_for: audience.has(group) });
      if (audience.has(group)) problem.for += people;
    }
    return problem;
  });

  const drawn = [...drawMap()];
  drawRegister();
  // what a test or another script may ask
  window.lifecircle = { problems, layers: drawn };

  function* drawMap() {
    const svg = find("map");
    if (!svg || !map) return;
    const layer = find("layer"), kind = find("kind");
    const shapes = "http://www.w3.org/2000/svg";
    const fifths = ["#440154", "#3b528b", "#21918c", "#5ec962", "#fde725"];
    const grades = [...fifths].reverse();
    const { marks, units, services, facilities } = map;
    const outlines = [...svg.querySelectorAll("path.unit")];
    const whole = { x: 0, y: 0, width: map.width, height: map.height };
    let view = { ...whole };

    const path = (group, d, attributes) => {
      if (!d) return;
      const element = document.createElementNS(shapes, "path");
      element.setAttribute("d", d);
      for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
      group.append(element);
    };
    const dot = (x, y) => `M${x} ${y}h0`;
    const square = (x, y) => { const side = map.side; return `M${x - side / 2} ${y - side / 2}h${side}v${side}h${-side}z`; };
    const sizes = [3.5, 5.5, 8];
    const size = people => people < 30 ? 0 : people < 150 ? 1 : 2;
    const key = (colour, text) => {
      const entry = make("span");
      entry.append(make("i", "", { style: `background:${colour}` }), text);
      find("legend").append(entry);
    };

    function clear(title) {
      for (const id of ["marks", "sites", "points", "chosen"]) find(id).replaceChildren();
      find("legend").replaceChildren(make("b", title));
      find("told").replaceChildren();
      find("kind-label").hidden = true;
      for (const outline of outlines) outline.setAttribute("class", "unit");
      find("units").setAttribute("class", "plain");
      showKind();
    }
    function showKind() {
      const smallest = kind.value;
      outlines.forEach(outline => outline.classList.toggle("other", outline.dataset.kind !== smallest));
    }
    /// Marks by colour and size: one path for each, so that thousands of them draw at once.
    function drawMarks(colourOf) {
      const paths = new Map();
      marks.x.forEach((x, at) => {
        const colour = colourOf(at);
        if (!colour) return;
        const step = map.side ? 0 : size(marks.people[at]);
        const id = `${colour} ${step}`;
        const path = paths.get(id) || [];
        path.push(map.side ? square(x, marks.y[at]) : dot(x, marks.y[at]));
        paths.set(id, path);
      });
      for (const [id, d] of [...paths].sort()) {
        const [colour, step] = id.split(" ");
        path(find("marks"), d.join(""), map.side ? { class: "square", style: `fill:${colour}` } : { style: `stroke:${colour};stroke-width:${sizes[step]}` });
      }
    }
    function fillUnits(classOf) {
      find("units").setAttribute("class", "");
      find("kind-label").hidden = kind.options.length < 2;
      outlines.forEach((outline, row) => {
        if (outline.dataset.kind === kind.value) outline.classList.add(classOf(units[row]));
      });
    }

    const layers = {
      mean() {
        clear(words.mean);
        fillUnits(unit => unit.mean === null ? "fn" : `f${Math.min(4, Math.floor(unit.mean * 5))}`);
        fifths.forEach((colour, fifth) => key(colour, `${fifth * 20}–${fifth * 20 + 20}%`));
        key("#d9dde2", words.no_data);
      },
      lacking() {
        clear(words.lacking);
        const most = Math.max(1, ...marks.required);
        const steps = [0, 0.1, 0.25, 0.5].map(part => Math.ceil(part * most));
        const colours = [...fifths].reverse();
        const step = count => { const at = steps.findIndex(step => count <= step); return at < 0 ? 4 : at; };
        drawMarks(at => marks.required[at] > 0 ? colours[step(marks.lacking[at])] : null);
        ["0", `≤ ${steps[1]}`, `≤ ${steps[2]}`, `≤ ${steps[3]}`, `> ${steps[3]}`].forEach((text, at) => key(colours[at], text));
      },
      problems() { drawProblems(() => true); },
      floor() { drawProblems(problem => problem.floor); },
    };
    function drawGrade(name) {
      clear(layer.selectedOptions[0].textContent);
      const known = [...new Set(units.map(unit => unit[`grade:${name}`]).filter(grade => grade))].sort();
      const colour = grade => Math.round(known.indexOf(grade) * 4 / Math.max(1, known.length - 1));
      fillUnits(unit => unit[`grade:${name}`] ? `f${4 - colour(unit[`grade:${name}`])}` : "fn");
      known.forEach(grade => key(grades[colour(grade)], grade));
      key("#d9dde2", words.no_data);
    }
    function drawService(name) {
      const at = services.findIndex(service => service.key === name);
      const service = services[at];
      clear(`${service.name}${words.between}${service.rule}`);
      if (map.side) {
        drawMarks(mark => { const letter = service.marks[mark]; return letter === "u" ? "#e377c2" : fifths[letter === "X" ? 4 : Math.min(4, Math.floor(letter / 2))]; });
        fifths.forEach((colour, fifth) => key(colour, `${fifth * 20}–${fifth * 20 + 20}%`));
      } else {
        const colours = { X: "#35b779", u: "#e377c2", 0: "#440154" };
        drawMarks(mark => colours[service.marks[mark]]);
        key(colours.X, words.covered);
        key(colours[0], words.outside);
      }
      if (service.marks.includes("u")) key("#e377c2", words.unknown);
      const d = facilities.filter(facility => facility[3].includes(at)).map(([x, y]) => dot(x, y)).join("");
      path(find("sites"), d, {});
      path(find("sites"), d, { class: "inner" });
      key("#ffe14d", words.facilities);
      const covered = `${words.coverage}${words.between}${service.coverage ?? words.no_data}`;
      find("legend").append(make("span", service.partial ? `${covered} (${words.partial})` : covered));
    }
    function drawProblems(which) {
      clear(layer.selectedOptions[0].textContent);
      const paths = new Map();
      for (const problem of problems) {
        if (problem.x === null || !which(problem)) continue;
        const step = problem.people < 300 ? 0 : problem.people < 3000 ? 1 : 2;
        const id = `${problem.floor ? "#b3372c" : "#5b6775"} ${step}`;
        paths.set(id, (paths.get(id) || "") + dot(problem.x, problem.y));
      }
      for (const [id, d] of [...paths].sort()) {
        const [colour, step] = id.split(" ");
        path(find("points"), d, { style: `stroke:${colour};stroke-width:${[6, 10, 15][step]}` });
      }
      key("#b3372c", words.floor);
      key("#5b6775", words.problem);
    }
    function draw() {
      const [name, of] = [layer.value.split(":")[0], layer.value.slice(layer.value.indexOf(":") + 1)];
      if (name === "grade") drawGrade(of);
      else if (name === "service") drawService(of);
      else layers[name]();
      const count = svg.querySelectorAll("#marks path, #points path, #units:not(.plain) .unit:not(.other)").length;
      svg.dataset.layer = layer.value;
      svg.dataset.drawn = count;
    }

    function look(next) {
      const least = map.width / 200;
      next.width = Math.min(whole.width * 1.5, Math.max(least, next.width));
      next.height = next.width * whole.height / whole.width;
      view = next;
      svg.setAttribute("viewBox", `${view.x} ${view.y} ${view.width} ${view.height}`);
      svg.classList.toggle("free", view.width < whole.width * 0.99);
      drawScale();
    }
    const pixel = () => { const matrix = svg.getScreenCTM(); return matrix && matrix.a > 0 ? 1 / matrix.a : view.width / 800; };
    function at(event) {
      const matrix = svg.getScreenCTM();
      return matrix ? new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse()) : { x: 0, y: 0 };
    }
    function zoom(factor, point = { x: view.x + view.width / 2, y: view.y + view.height / 2 }) {
      const width = Math.min(whole.width * 1.5, Math.max(map.width / 200, view.width * factor));
      const real = width / view.width;
      look({ x: point.x - (point.x - view.x) * real, y: point.y - (point.y - view.y) * real, width, height: 0 });
    }
    function drawScale() {
      const unit = pixel();
      let length = 1;
      for (const step of [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000, 100000]) {
        if (step / map.unit_m / unit <= 130) length = step;
      }
      const width = length / map.unit_m;
      const [x, y] = [view.x + 12 * unit, view.y + view.height - 12 * unit];
      const group = find("scale");
      group.replaceChildren();
      path(group, `M${x} ${y - 5 * unit}V${y}H${x + width}V${y - 5 * unit}`, {});
      const text = document.createElementNS(shapes, "text");
      text.setAttribute("x", x + width + 6 * unit);
      text.setAttribute("y", y);
      text.setAttribute("font-size", 13 * unit);
      text.textContent = metres(length);
      group.append(text);
    }

    /// What lies nearest to a point: a home, or the unit around it.
    function tell(point, target) {
      const near = 14 * pixel() + (map.side ? map.side / 2 : 0);
      let best = -1, least = near * near;
      marks.x.forEach((x, mark) => {
        const distance = (x - point.x) ** 2 + (marks.y[mark] - point.y) ** 2;
        if (distance <= least) [best, least] = [mark, distance];
      });
      if (layer.value === "problems" || layer.value === "floor") {
        const here = problems.filter(problem => problem.x !== null && (layer.value === "problems" || problem.floor)
          && (problem.x - point.x) ** 2 + (problem.y - point.y) ** 2 <= near * near);
        find("told").replaceChildren(...here.slice(0, 12).flatMap(problem => [
          make("a", `${problem.unit_name} ${problem.service_name}${words.between}${problem.class}`, { href: `#problem-${problem.id}` }), make("br")]));
        if (here.length) return;
      }
      const onUnits = layer.value === "mean" || layer.value.startsWith("grade:");
      const told = find("told");
      told.replaceChildren();
      find("chosen").replaceChildren();
      if (best >= 0 && !onUnits) {
        path(find("chosen"), `M${marks.x[best] - near / 2} ${marks.y[best]}h${near}M${marks.x[best]} ${marks.y[best] - near / 2}v${near}`, {});
        const lacks = services.filter(service => service.required && service.marks[best] !== "X").map(service => service.name);
        const unit = marks.unit[best] === null ? "" : units[marks.unit[best]].name;
        told.append(make("strong", unit), " ", words.residents.replace("{}", grouped(marks.people[best])), words.semicolon);
        told.append(lacks.length ? `${words.lacks}${words.between}${lacks.join(words.and)}` : words.lacks_nothing);
        return;
      }
      const outline = target && target.closest("path.unit");
      if (!outline) return;
      const unit = units[outline.dataset.row];
      path(find("chosen"), outline.getAttribute("d"), {});
      const parts = [words.residents.replace("{}", grouped(unit.people ?? 0)), `${words.mean}${words.between}${unit.mean === null ? words.no_data : percent(unit.mean)}`];
      for (const option of layer.querySelectorAll("option[value^='grade:']")) {
        const name = option.value.slice(6);
        if (unit[`grade:${name}`]) parts.push(`${option.textContent}${words.between}${unit[`grade:${name}`]} (${unit[`score:${name}`]})`);
      }
      told.append(make("strong", unit.name), " ", parts.join(words.semicolon), " ");
      const link = make("a", words.list, { href: "#problems" });
      link.addEventListener("click", () => window.lifecircle.show({ units: [unit.code, ...unit.within, "*"], title: unit.name }));
      told.append(link);
    }

    layer.addEventListener("change", draw);
    kind.addEventListener("change", draw);
    find("zoom-in").addEventListener("click", () => zoom(1 / 1.6));
    find("zoom-out").addEventListener("click", () => zoom(1.6));
    find("zoom-all").addEventListener("click", () => look({ ...whole }));
    svg.addEventListener("wheel", event => {
      if (!event.ctrlKey && !svg.classList.contains("free")) return;
      event.preventDefault();
      zoom(event.deltaY > 0 ? 1.25 : 0.8, at(event));
    }, { passive: false });
    const fingers = new Map();
    let moved = false;
    svg.addEventListener("pointerdown", event => { fingers.set(event.pointerId, event); moved = false; });
    svg.addEventListener("pointermove", event => {
      const before = fingers.get(event.pointerId);
      if (!before) return;
      const others = [...fingers.values()].filter(other => other.pointerId !== event.pointerId);
      const unit = pixel();
      if (Math.hypot(event.clientX - before.clientX, event.clientY - before.clientY) < 3 && !moved) return;
      if (others.length === 1) {
        const gap = other => Math.hypot(other.clientX - others[0].clientX, other.clientY - others[0].clientY);
        zoom(gap(before) / Math.max(1, gap(event)), at(event));
      } else if (svg.classList.contains("free")) {
        look({ ...view, x: view.x - (event.clientX - before.clientX) * unit, y: view.y - (event.clientY - before.clientY) * unit });
      }
      moved = true;
      fingers.set(event.pointerId, event);
    });
    const lift = event => {
      const pressed = fingers.delete(event.pointerId);
      if (pressed && !moved && event.type === "pointerup") tell(at(event), event.target);
    };
    for (const name of ["pointerup", "pointercancel", "pointerleave"]) svg.addEventListener(name, lift);
    svg.addEventListener("keydown", event => {
      const step = { ArrowLeft: [-0.2, 0], ArrowRight: [0.2, 0], ArrowUp: [0, -0.2], ArrowDown: [0, 0.2] }[event.key];
      if (step) look({ ...view, x: view.x + step[0] * view.width, y: view.y + step[1] * view.height });
      else if (event.key === "+" || event.key === "=") zoom(1 / 1.6);
      else if (event.key === "-") zoom(1.6);
      else if (event.key === "Enter") {
        const middle = { x: view.x + view.width / 2, y: view.y + view.height / 2 };
        const box = svg.getBoundingClientRect();
        tell(middle, document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2));
      } else return;
      event.preventDefault();
    });
    addEventListener("resize", drawScale);
    look({ ...whole });
    draw();
    yield* [...layer.options].map(option => option.value);
  }

  function drawRegister() {
    const table = find("register");
    if (!table) return;
    const body = table.tBodies[0], filters = find("filters"), order = find("order"), search = find("search");
    const more = find("register-more"), everything = find("register-all"), onlyFloor = find("only-floor");
    const STEP = 50;
    let shown = STEP, found = problems, around = null;
    filters.hidden = false;
    const selects = [...filters.querySelectorAll("select[data-filter]")];
    for (const select of selects) {
      const values = [...new Set(problems.map(problem => problem[select.dataset.filter]).filter(value => value))].sort();
      for (const value of values) select.append(make("option", value, { value }));
    }
    const text = problem => [problem.id, problem.unit, problem.unit_name, problem.service_name, problem.asks, problem.clause, problem.evidence, problem.nearest].join(" ").toLowerCase();

    function choose() {
      const wanted = selects.filter(select => select.value).map(select => [select.dataset.filter, select.value]);
      const word = search.value.trim().toLowerCase();
      found = problems.filter(problem => wanted.every(([column, value]) => problem[column] === value) && (!around || around.units.includes(problem.unit))
        && (!onlyFloor.checked || problem.floor) && (!word || text(problem).includes(word)));
      if (order.value) found = [...found].sort((a, b) => (b[order.value] ?? -1) - (a[order.value] ?? -1));
      shown = STEP;
      draw();
    }
    function cell(row, first, second, attributes = {}) {
      const cell = make("td", first, attributes);
      if (second) cell.append(make("br"), make("small", second));
      row.append(cell);
    }
    function draw() {
      body.replaceChildren(...found.slice(0, shown).map(problem => {
        const row = make("tr", undefined, { id: `problem-${problem.id}`, "data-row": "", tabindex: "0", "aria-expanded": "false" });
        row.append(make("th", problem.service_name, { scope: "row" }));
        cell(row, problem.unit_name, problem.unit_kind);
        cell(row, problem.class, problem.cause);
        const audience = problem.by_group.filter(group => group.is_for).map(group => group.text);
        cell(row, grouped(problem.people), audience.join(words.semicolon));
        cell(row, problem.asks, problem.clause);
        cell(row, problem.mean_m === null ? "" : metres(problem.mean_m), problem.nearest_m === null ? "" : `${problem.nearest} ${metres(problem.nearest_m)}`);
        cell(row, problem.since);
        cell(row, problem.status);
        row.addEventListener("click", () => detail(row, problem));
        row.addEventListener("keydown", event => {
          if (event.key !== "Enter" && event.key !== " ") return;
          event.preventDefault();
          detail(row, problem);
        });
        return row;
      }));
      const place = around ? `${around.title}${words.between}` : "";
      find("register-count").textContent = `${place}${words.shown} ${grouped(Math.min(shown, found.length))} ${words.of} ${grouped(found.length)}`;
      more.hidden = everything.hidden = shown >= found.length;
    }
    function detail(row, problem) {
      const open = row.classList.toggle("told");
      row.setAttribute("aria-expanded", open);
      if (open) {
        const list = make("dl");
        const add = (title, value) => { if (value || value === 0) list.append(make("dt", title), make("dd", value)); };
        add(words.id, problem.id);
        add(words.within, problem.within);
        add(words.tier, problem.tier);
        add(words.pack, problem.pack);
        add(words.evidence, problem.evidence);
        add(words.gap, `${problem.gap} ${problem.gap_in}`);
        add(words.groups, problem.by_group.map(group => group.text).join(words.semicolon));
        add(words.route, problem.route);
        add(words.remedies, problem.remedies);
        add(words.responsible, problem.responsible);
        add(words.funding, problem.funding);
        add(words.priority, problem.priority);
        const wide = make("td", undefined, { class: "detail", colspan: "8" });
        wide.append(list);
        const next = make("tr");
        next.append(wide);
        row.after(next);
      } else {
        row.nextSibling.remove();
      }
    }
    function show(values) {
      for (const select of selects) select.value = values[select.dataset.filter] || "";
      around = values.units ? values : null;
      onlyFloor.checked = false;
      search.value = values.id || "";
      order.value = "";
      choose();
    }
    function follow() {
      const id = /^#problem-([0-9a-f]{16})$/.exec(location.hash);
      if (!id) return;
      show({ id: id[1] });
      const row = find(`problem-${id[1]}`);
      if (row) { row.scrollIntoView({ block: "center" }); row.click(); }
    }
    const anew = () => { around = null; choose(); };
    for (const control of [...selects, onlyFloor]) control.addEventListener("change", anew);
    order.addEventListener("change", choose);
    search.addEventListener("input", anew);
    more.addEventListener("click", () => { shown += STEP; draw(); });
    everything.addEventListener("click", () => { shown = found.length; draw(); });
    addEventListener("hashchange", follow);
    // on paper everything is open, and the register is long
    let before = [];
    addEventListener("beforeprint", () => {
      before = [...document.querySelectorAll("details:not([open])")];
      for (const closed of before) closed.open = true;
      shown = Math.max(shown, Math.min(found.length, 1000));
      draw();
    });
    addEventListener("afterprint", () => {
      for (const opened of before) opened.open = false;
      shown = STEP;
      draw();
    });
    choose();
    queueMicrotask(() => { window.lifecircle.show = show; follow(); });
  }
})();
