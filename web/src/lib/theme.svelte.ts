// SPDX-License-Identifier: Apache-2.0
// Dark or light: as the system has it, until the reader says otherwise.
type Theme = "dark" | "light";

const prefers_light = matchMedia("(prefers-color-scheme: light)");

function remembered(): Theme | null {
  const theme = localStorage.getItem("assay.theme");
  return theme === "dark" || theme === "light" ? theme : null;
}

class Themes {
  chosen = $state<Theme | null>(remembered());
  system = $state<Theme>(prefers_light.matches ? "light" : "dark");
  now = $derived(this.chosen ?? this.system);

  constructor() {
    prefers_light.addEventListener("change", (event) => (this.system = event.matches ? "light" : "dark"));
  }

  turn(): void {
    this.chosen = this.now === "dark" ? "light" : "dark";
    localStorage.setItem("assay.theme", this.chosen);
  }
}

export const theme = new Themes();

// A colour of app.css, for what is drawn on a canvas.
export function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}
