// A widget of several text inputs (name_en, name_uk ...) inside Wagtail's forms. Its value is {"_en": "text", ...}.

class BoundTextInputs {
  constructor(elements, name) {
    const found = [...elements].flatMap((element) => [...element.querySelectorAll(`[name^="${name}_"]`)]);
    if (!found.length) {
      throw new Error(`No input found with a name that begins with "${name}_"`);
    }
    this.inputs = new Map(found.map((input) => [input.name.slice(name.length), input]));
    [this.input] = found;
    this.idForLabel = this.input.id;
  }

  getValue() {
    return Object.fromEntries([...this.inputs].map(([suffix, input]) => [suffix, input.value]));
  }

  getState() {
    return this.getValue();
  }

  setState(state) {
    for (const [suffix, input] of this.inputs) {
      input.value = state?.[suffix] ?? "";
    }
  }

  setInvalid(invalid) {
    for (const input of this.inputs.values()) {
      if (invalid) {
        input.setAttribute("aria-invalid", "true");
      } else {
        input.removeAttribute("aria-invalid");
      }
    }
  }

  getValueForLabel() {
    return Object.values(this.getValue()).find((text) => text.trim()) ?? "";
  }

  getTextLabel(options) {
    const text = this.getValueForLabel().trim();
    const most = options?.maxLength;
    return most && text.length > most ? `${text.slice(0, most - 1)}…` : text;
  }

  focus() {
    this.input.focus();
  }

  setCapabilityOptions() {}
}

class TextInputs {
  constructor(html) {
    this.html = html;
  }

  render(placeholder, name, id, initialState) {
    const template = document.createElement("template");
    template.innerHTML = this.html.replace(/__NAME__/g, name).replace(/__ID__/g, id).trim();
    const elements = [...template.content.children];
    placeholder.replaceWith(...elements);
    const bound = new BoundTextInputs(elements, name);
    bound.setState(initialState);
    return bound;
  }

  getByName(name, container) {
    return new BoundTextInputs([container], name);
  }
}

window.telepath.register("core.widgets.TextInputs", TextInputs);
