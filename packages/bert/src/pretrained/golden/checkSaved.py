"""Loads each folder in FOLDER, as checkSaved.ts wrote them, with Hugging Face's class and compares outputs with the
golden ones. Run: python checkSaved.py FOLDER. Needs torch, transformers, safetensors."""
import json
import pathlib
import sys

import torch
import transformers
from safetensors.torch import load_file

here, wrong = pathlib.Path(__file__).parent, 0
for folder in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    name = json.loads((folder / "config.json").read_text())["architectures"][0]
    model, info = getattr(transformers, name).from_pretrained(folder, output_loading_info=True, attn_implementation="eager")
    bad = {key: value for key, value in info.items() if value}
    worst = 0.0
    if (here / folder.name).exists():
        expected = load_file(here / folder.name / "expected.safetensors")
        mask = expected["attention_mask"].long()
        batch = {k: expected[k].long() for k in ("input_ids", "attention_mask", "token_type_ids") if k in expected}
        with torch.no_grad():
            out = model(**batch)
        for key, value in expected.items():
            if key.startswith("out."):
                got = out[key[4:]]
                if got.dim() >= 2 and got.shape[1] == mask.shape[1]:
                    got = got * mask.reshape(*mask.shape, *[1] * (got.dim() - 2))
                worst = max(worst, (got - value).abs().max().item())
    wrong += bool(bad) or worst > 1e-5
    print(folder.name, f"largest difference {worst:.1e}", bad or "no missing or unexpected name")
print(f"{wrong} wrong")
sys.exit(wrong > 0)
