// Live cards and private answers without loading the page again. All of it also works without this file, by plain forms.
"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const stream = byId("stream");

  function parse(html) {
    const { content } = Object.assign(document.createElement("template"), { innerHTML: html });
    sayTimes(content);
    return content;
  }

  // --- times, in the zone and by the clock of who reads; without this file they are the group's, with its zone's name

  const language = navigator.languages.find((one) => one.split("-")[0] === document.documentElement.lang) ?? document.documentElement.lang;
  const { hourCycle } = new Intl.DateTimeFormat(navigator.language, { hour: "numeric" }).resolvedOptions();
  const CLOCK = { hour: "numeric", minute: "2-digit", hourCycle, timeZoneName: "short" };
  const UNITS = [["day", 86400], ["hour", 3600], ["minute", 60]];

  function sayTimes(within) {
    within.querySelectorAll("time[data-style]").forEach((time) => {
      if (!time.title && time.textContent) time.title = time.textContent;
      time.textContent = time.dataset.style === "R" ? howFar(new Date(time.dateTime)) : inZone(new Date(time.dateTime), time.dataset.style);
    });
  }

  function inZone(at, style) {
    const year = at.getFullYear() === new Date().getFullYear() ? {} : { year: "numeric" };
    const day = style === "F" ? { weekday: "long", day: "numeric", month: "long", ...year } : {};
    return new Intl.DateTimeFormat(language, { ...day, ...CLOCK }).format(at);
  }

  function howFar(at) {
    const left = (at - Date.now()) / 1000;
    const [unit, seconds] = UNITS.find(([, size]) => Math.abs(left) >= size) ?? UNITS[2];
    return ` (${new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(Math.round(left / seconds), unit)})`;
  }

  // --- keeping the page as it stands in the channel

  // The same control in the newer article: buttons are known by their value, links by their address.
  function counterpart(control, fresh) {
    if (control.value) return fresh.querySelector(`button[value="${CSS.escape(control.value)}"]`);
    const href = control.getAttribute("href");
    return href ? fresh.querySelector(`a[href="${CSS.escape(href)}"]`) : null;
  }

  function swap(old, fresh) {
    const focused = old.contains(document.activeElement) ? document.activeElement : null;
    const open = [...old.querySelectorAll("details")].map((details) => details.open);
    fresh.querySelectorAll("details").forEach((details, place) => { details.open = open[place] ?? false; });
    fresh.querySelectorAll("button[value]").forEach((button) => markBusy(button, busy.has(keyOf(button))));
    old.replaceWith(fresh);
    if (focused) counterpart(focused, fresh)?.focus({ preventScroll: true });
  }

  function insert(fresh) {
    if (isPinned(fresh)) pin(fresh);
    else insertIntoDay(fresh);
    byId("empty")?.remove();
    fresh.classList.add("fresh");
    if (fresh.dataset.kind !== "digest") announce(fresh);
    partsOf(fresh).forEach(announce);
  }

  const partsOf = (article) => [...article.querySelectorAll("article")]; // papers under one heading

  const isPinned = (article) => "pinned" in article.dataset && byId("pinned") !== null;

  function pin(fresh) {
    byId("pinned").hidden = false;
    byId("pinned").querySelector("h2").after(fresh);
  }

  function insertIntoDay(fresh) {
    const id = Number(fresh.dataset.message);
    const days = [...stream.querySelectorAll(".day")]; // the newest first
    let day = days.find((one) => Number(one.dataset.day) < id);
    if (fresh.dataset.kind === "digest" || !day) {
      const earlier = day;
      day = document.createElement("section");
      day.className = "day";
      day.dataset.day = id;
      stream.insertBefore(day, earlier ?? null);
      day.append(fresh);
      // Cards that arrived before their header.
      day.append(...(earlier ? [...earlier.querySelectorAll("[data-message]")].filter((one) => Number(one.dataset.message) > id) : []));
    } else {
      const later = [...day.querySelectorAll("[data-message]")].find((one) => Number(one.dataset.message) > id);
      day.insertBefore(fresh, later ?? null);
    }
  }

  // What is pinned or is not any more changes its place; what stands in its place is replaced there.
  function replace(old, fresh) {
    const joined = partsOf(fresh).filter((part) => !byId(part.id));
    joined.forEach((part) => part.classList.add("fresh"));
    joined.forEach(announce);
    const was = old.closest("#pinned");
    if (Boolean(was) === isPinned(fresh)) { swap(old, fresh); return; }
    old.remove();
    if (was) was.hidden = !was.querySelector("article");
    if (!was) pin(fresh);
    else if (Number(fresh.dataset.message) > Number(stream.dataset.lowest)) insertIntoDay(fresh);
  }

  function receive({ id, html }) {
    const old = byId(`message-${id}`);
    if (html === null) { old?.remove(); return; }
    const fresh = parse(html).firstElementChild;
    if (old) replace(old, fresh);
    else if ("newest" in stream.dataset && id > Number(stream.dataset.lowest)) insert(fresh);
  }

  // What is new is told to screen readers, together when it comes together; changed counts are not.
  let news = [];
  let telling = 0;
  function announce(article) {
    news.push(article);
    clearTimeout(telling);
    telling = setTimeout(() => {
      const what = news.every((one) => one.dataset.kind === "paper") ? "paper" : "post";
      const title = news[0].querySelector(".title").textContent.trim();
      const { dataset } = byId("news");
      byId("news").textContent = news.length === 1 ? dataset[what].replace("{title}", () => title) : dataset[`${what}s`].replace("{n}", news.length);
      news = [];
    }, 800);
  }

  let source = null;
  let retry = 0;
  let after = stream?.dataset.after;

  function state(now) {
    const line = byId("state");
    const text = line.dataset[now];
    if (line.textContent !== text) line.textContent = text;
    line.classList.toggle("live", now === "live");
  }

  function disconnect() {
    clearTimeout(retry);
    source?.close();
    source = null;
  }

  function connect() {
    disconnect();
    if (!stream || byId("pause").getAttribute("aria-pressed") === "true") return;
    source = new EventSource(`${stream.dataset.events}?after=${after}`);
    source.onopen = () => state("live");
    source.onmessage = (event) => {
      const change = JSON.parse(event.data);
      if (change.id) receive(change);
      after = event.lastEventId;
    };
    source.addEventListener("reset", () => location.reload());
    source.onerror = () => {
      state("lost");
      if (source?.readyState === EventSource.CLOSED) retry = setTimeout(connect, 30000); // refused: too many pages
    };
  }

  function togglePause(event) {
    const isPaused = event.currentTarget.getAttribute("aria-pressed") !== "true";
    event.currentTarget.setAttribute("aria-pressed", isPaused);
    if (!isPaused) { connect(); return; }
    disconnect();
    state("paused");
  }

  // --- private answers

  const FIELDS = ".filling :is(input:not([type=hidden]), textarea)";
  const waiting = new Map(); // what is under way, or failed to arrive → its nonce, so that a second try counts once
  const busy = new Set();

  function keyOf(control) {
    return `${control.form?.action} ${control.value}`;
  }

  function markBusy(control, isBusy) {
    if (isBusy) control.setAttribute("aria-disabled", "true"); // `disabled` would take the focus away
    else control.removeAttribute("aria-disabled");
  }

  function freshNonce() {
    if (crypto.randomUUID) return crypto.randomUUID(); // missing where the page came by plain http from another machine
    return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  // The focus goes to what is asked for, or stays with what was pressed, in whatever has replaced it.
  function show(fragment, form, submitter) {
    const shown = byId("shown");
    const fresh = fragment.querySelector("[data-part=shown]");
    const scroll = shown.parentElement;
    const wasInside = shown.contains(submitter);
    const wasAt = submitter?.getBoundingClientRect().top;
    const carried = form.matches(".name") ? form.elements.button : null; // what the name was wanted for
    byId("answer").classList.add("open");
    byId("said").replaceChildren(...fragment.querySelector("[data-part=said]").childNodes);
    if (fresh) shown.replaceChildren(...fresh.childNodes);
    else if (!wasInside) shown.replaceChildren(); // otherwise what was typed there stays
    measureDock();
    const prompt = byId("prompt") ?? shown.querySelector(FIELDS);
    const again = wasInside && !prompt ? counterpart(submitter, shown) : null;
    if (again) scroll.scrollTop += again.getBoundingClientRect().top - wasAt;
    else scroll.scrollTop = 0;
    if (prompt) { prompt.focus({ preventScroll: true }); if (prompt.id === "prompt") prompt.select(); }
    else if (again) { again.focus({ preventScroll: true }); again.scrollIntoView({ block: "nearest" }); }
    else if (carried) (counterpart(carried, shown) ?? counterpart(carried, byId("main")) ?? byId("answer")).focus();
    else if (form.closest("#who")) byId("who").querySelector("summary").focus({ preventScroll: true });
    else if (form.matches(".name")) byId("line").focus({ preventScroll: true });
    else if (wasInside) byId("answer").focus({ preventScroll: true });
  }

  function refresh(fragment) {
    const who = fragment.querySelector("#who");
    const isRenamed = who && who.querySelector("summary").textContent !== byId("who").querySelector("summary").textContent;
    if (isRenamed) { byId("who").replaceWith(who); connect(); } // the stream shows cards as their viewer sees them
    const fresh = fragment.querySelector("article[data-message]");
    const old = fresh && byId(fresh.id);
    if (old) swap(old, fresh);
  }

  // Pages without a stream: a press there is followed by a look at the page as it is now.
  async function renew() {
    const now = parse(await (await fetch(location.href)).text());
    const fresh = now.getElementById("found");
    if (fresh) swap(byId("found"), fresh);
  }

  // What was typed into a form stays there.
  function failed(text, form) {
    const note = Object.assign(document.createElement("p"), { className: "text failed", textContent: text });
    byId("answer").classList.add("open");
    byId("said").replaceChildren(note);
    if (!form.matches("#shown .filling")) byId("shown").replaceChildren();
  }

  async function send(form, submitter) {
    const body = new URLSearchParams(new FormData(form, submitter));
    const key = keyOf(submitter ?? form.elements.line);
    if (busy.has(key)) return;
    busy.add(key);
    body.delete("nonce");
    const asked = `${form.action} ${body}`;
    if (!waiting.has(asked)) waiting.set(asked, freshNonce());
    body.set("nonce", waiting.get(asked));
    if (submitter) markBusy(submitter, true);
    try {
      const headers = { Accept: "text/html", "X-Requested-With": "fetch" };
      const response = await fetch(form.action, { method: "POST", body, headers });
      const fragment = parse(await response.text());
      const said = fragment.querySelector("[data-part=said]");
      if (!said) throw new Error("not our answer");
      waiting.delete(asked);
      const line = byId("line");
      const isAnswered = form.closest(".choices") || line.value.trim() === body.get("line")?.trim();
      if (isAnswered && said.dataset.ok === "true") line.value = "";
      refresh(fragment);
      if (form.closest("#who")) form.closest("details").open = false;
      show(fragment, form, submitter);
      if (!stream && byId("found")) renew().catch(() => {}); // what was asked is done
    } catch {
      failed(byId("said").dataset.lost, form);
    } finally {
      busy.delete(key);
      document.querySelectorAll("button[aria-disabled]").forEach((button) => markBusy(button, busy.has(keyOf(button))));
    }
  }

  function dismiss() {
    byId("answer").classList.remove("open");
    byId("said").replaceChildren();
    byId("shown").replaceChildren();
    byId("line").focus({ preventScroll: true });
  }

  // One key must not lose what somebody wrote; the button that dismisses is pressed on purpose.
  function isHalfFilled() {
    const fields = [...byId("shown").querySelectorAll(FIELDS)];
    return fields.some((field) => field.value !== field.defaultValue) || (fields.length > 0 && byId("said").querySelector(".failed"));
  }

  function measureDock() {
    byId("main").style.setProperty("--dock", `${byId("answer").closest(".dock").offsetHeight}px`);
  }

  // --- start

  sayTimes(document);
  setInterval(() => sayTimes(document), 60000); // how far away it is

  new ResizeObserver(measureDock).observe(byId("answer").closest(".dock"));

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if ("dismiss" in form.dataset) { event.preventDefault(); dismiss(); }
    if (!("quiet" in form.dataset)) return;
    event.preventDefault();
    send(form, event.submitter);
  });

  document.addEventListener("focusin", (event) => {
    if (event.target.matches("input[readonly]")) event.target.select(); // an address, to be copied
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = document.activeElement?.closest("#who details[open]");
    if (open) { open.open = false; open.querySelector("summary").focus(); }
    else if (byId("answer")?.classList.contains("open") && !isHalfFilled()) dismiss();
  });

  const here = new URL(location.href);
  if (here.searchParams.has("answer")) {
    here.searchParams.delete("answer"); // so that a reload or a bookmark does not ask for it again
    history.replaceState(null, "", here);
    (byId("prompt") ?? document.querySelector(FIELDS) ?? byId("answer"))?.focus({ preventScroll: true });
  }

  if (stream) {
    byId("pause").hidden = false;
    byId("pause").addEventListener("click", togglePause);
    addEventListener("pagehide", disconnect);
    addEventListener("pageshow", (event) => { if (event.persisted) connect(); });
    connect();
  }
})();
