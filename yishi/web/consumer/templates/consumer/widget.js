{% load i18n %}// The chat of {{ request.get_host }} on another site: one button, one frame. docs/widget.md
(() => {
  "use strict";
  const script = document.currentScript;
  if (!script || window.yishiChat) return;
  const origin = new URL(script.src).origin;
  const told = script.dataset;
  const words = {
    open: told.label || "{% filter escapejs %}{% translate '在线客服' %}{% endfilter %}",
    close: "{% filter escapejs %}{% translate '收起聊天' %}{% endfilter %}",
    frame: "{% filter escapejs %}{% translate '和客服聊天' %}{% endfilter %}",
    news: "{% filter escapejs %}{% translate '有新消息' %}{% endfilter %}",
  };
  const look = `
    :host { all: initial; }
    .b, .p { position: fixed; z-index: 2147483000; inset-block-end: 20px; inset-inline-end: 20px; }
    :host([data-side="left"]) :is(.b, .p) { inset-inline: 20px auto; }
    .b { min-height: 52px; padding: 0 20px; border: 0; border-radius: 99px; background: #0c4554; color: #fff;
      font: 600 16px/1.4 system-ui, "PingFang SC", "Microsoft YaHei", sans-serif; cursor: pointer;
      box-shadow: 0 4px 16px #0005; display: inline-flex; align-items: center; gap: 8px; }
    .b:focus-visible { outline: 3px solid #e9a100; outline-offset: 2px; }
    .b i { width: 10px; height: 10px; border-radius: 99px; background: #ffb3a7; }
    .p { inset-block-end: 84px; width: min(400px, calc(100vw - 40px)); height: min(640px, calc(100dvh - 104px));
      border-radius: 16px; overflow: hidden; box-shadow: 0 8px 32px #0006; background: #fff; }
    iframe { border: 0; width: 100%; height: 100%; display: block; }
    [hidden] { display: none !important; }
    @media (max-width: 480px) {
      .p { inset: 44px 0 0 !important; width: 100vw; height: calc(100dvh - 44px); border-radius: 0; box-shadow: none; }
      /* open, it is a bar above the frame: never over what is written, and there even if the frame stays empty */
      .b[aria-expanded="true"] { inset: 0 0 auto !important; width: 100%; min-height: 44px; border-radius: 0;
        justify-content: center; box-shadow: none; }
    }
    @media (forced-colors: active) { .b, .p { border: 1px solid; } }`;

  const host = document.createElement("div");
  if (told.side === "left") host.dataset.side = "left";
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(look);
  root.adoptedStyleSheets = [sheet];

  const button = document.createElement("button");
  button.className = "b";
  button.type = "button";
  const label = document.createElement("span");
  label.textContent = words.open;
  const dot = document.createElement("i");
  dot.setAttribute("role", "img");
  dot.setAttribute("aria-label", words.news);
  dot.hidden = true;
  button.append(label, dot);
  button.setAttribute("aria-expanded", "false");
  button.setAttribute("aria-controls", "yishi-panel");

  const panel = document.createElement("div");
  panel.className = "p";
  panel.id = "yishi-panel";
  panel.hidden = true;
  panel.setAttribute("role", "dialog");
  panel.setAttribute("aria-label", words.frame);
  root.append(panel, button);

  let frame = null;
  const show = (is_open) => {
    if (is_open && !frame) {
      frame = document.createElement("iframe");
      frame.title = words.frame;
      frame.referrerPolicy = "origin";
      const address = new URL("/chat", origin);
      address.searchParams.set("embed", "1");
      if (told.waybill) address.searchParams.set("no", told.waybill);
      frame.src = address.href;
      panel.append(frame);
    }
    panel.hidden = !is_open;
    label.textContent = is_open ? words.close : words.open;
    button.setAttribute("aria-expanded", String(is_open));
    if (is_open) { dot.hidden = true; frame.focus(); } else button.focus();
  };
  button.addEventListener("click", () => show(panel.hidden));
  root.addEventListener("keydown", (event) => { if (event.key === "Escape" && !panel.hidden) show(false); });
  addEventListener("message", (event) => {
    // only our own frame, from our own origin, and only two words of it
    if (!frame || event.origin !== origin || event.source !== frame.contentWindow) return;
    if (event.data === "yishi:close") show(false);
    if (event.data === "yishi:news" && panel.hidden) dot.hidden = false;
  });
  window.yishiChat = { open: () => show(true), close: () => show(false) };
  const place = () => document.body.append(host);
  if (document.body) place(); else addEventListener("DOMContentLoaded", place);
})();
