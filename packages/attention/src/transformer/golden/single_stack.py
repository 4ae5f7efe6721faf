"""Writes single_stack.json: whole tiny models of one sequence. Run: python single_stack.py

Decoder-only models are Hugging Face's GPT-2 and Llama (with LayerNorm for its RMSNorm), the encoder-only one is
nn.TransformerEncoder behind embeddings; `ours` gives their parameters our names. Each case holds weights, a batch, outputs,
gradients, and the losses of three Adam steps. Needs torch and transformers.
"""
import json
import pathlib

import torch
import torch.nn.functional as F
from torch import nn
from transformers import GPT2Config, GPT2LMHeadModel, LlamaConfig, LlamaForCausalLM

V, D, H, FF, L, S = 11, 4, 2, 6, 2, 5
LENS = torch.tensor([5, 3])


class EncoderOnly(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding, self.position = nn.Embedding(V, D), nn.Embedding(8, D)
        layer = nn.TransformerEncoderLayer(D, H, FF, dropout=0.0, activation="gelu", batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, L, enable_nested_tensor=False)

    def forward(self, ids):
        x = self.embedding(ids) + self.position.weight[:S]
        return self.encoder(x, src_key_padding_mask=torch.arange(S) >= LENS[:, None])


def gpt():
    model = GPT2LMHeadModel(GPT2Config(vocab_size=V, n_positions=8, n_embd=D, n_layer=L, n_head=H, n_inner=FF, activation_function="gelu",
                                       resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0, bos_token_id=None, eos_token_id=None))

    def ours(of):
        t = model.transformer
        named = {"embedding.weight": of(t.wte.weight), "position.weight": of(t.wpe.weight), "encoder.norm.weight": of(t.ln_f.weight), "encoder.norm.bias": of(t.ln_f.bias)}
        for i, block in enumerate(t.h):
            maps = {"self_attn.in_proj_": block.attn.c_attn, "self_attn.out_proj.": block.attn.c_proj, "linear1.": block.mlp.c_fc, "linear2.": block.mlp.c_proj}
            for name, layer in maps.items():  # GPT-2 keeps its matrices [in, out]
                named |= {f"encoder.layers.{i}.{name}weight": of(layer.weight).T, f"encoder.layers.{i}.{name}bias": of(layer.bias)}
            for name, norm in {"norm1": block.ln_1, "norm2": block.ln_2}.items():
                named |= {f"encoder.layers.{i}.{name}.weight": of(norm.weight), f"encoder.layers.{i}.{name}.bias": of(norm.bias)}
        return named

    return model, lambda ids: model(ids).logits, ours, dict(positions="learned", activation="gelu")


def llama():
    model = LlamaForCausalLM(LlamaConfig(vocab_size=V, hidden_size=D, intermediate_size=FF, num_hidden_layers=L, num_attention_heads=H, num_key_value_heads=H,
                                         max_position_embeddings=8, tie_word_embeddings=True, attention_bias=False, mlp_bias=True))
    for block in model.model.layers:
        block.input_layernorm, block.post_attention_layernorm = nn.LayerNorm(D), nn.LayerNorm(D)
    model.model.norm = nn.LayerNorm(D)

    def ours(of):
        m = model.model
        named = {"embedding.weight": of(m.embed_tokens.weight), "encoder.norm.weight": of(m.norm.weight), "encoder.norm.bias": of(m.norm.bias)}
        for i, block in enumerate(m.layers):
            attention = block.self_attn
            named[f"encoder.layers.{i}.self_attn.in_proj_weight"] = torch.cat([of(x.weight) for x in (attention.q_proj, attention.k_proj, attention.v_proj)])
            named[f"encoder.layers.{i}.self_attn.out_proj.weight"] = of(attention.o_proj.weight)
            layers = {"linear1": block.mlp.gate_proj, "linear2": block.mlp.down_proj, "linear3": block.mlp.up_proj, "norm1": block.input_layernorm, "norm2": block.post_attention_layernorm}
            for name, layer in layers.items():
                named |= {f"encoder.layers.{i}.{name}.weight": of(layer.weight), f"encoder.layers.{i}.{name}.bias": of(layer.bias)}
        return named

    return model, lambda ids: model(ids).logits, ours, dict(positions="rotary", activation="swiglu", attentionBias=False)


def encoder_only():
    model = EncoderOnly()
    ours = lambda of: {name: of(p) for name, p in model.named_parameters()}
    return model, model, ours, dict(positions="learned", activation="gelu", normFirst=False)


def flat(tensor):
    return [float(f"{x:.7g}") for x in tensor.detach().flatten().tolist()]


def case(kind, seed, build):
    torch.manual_seed(seed)
    model, run, ours, choices = build()
    for p in model.parameters():
        nn.init.normal_(p, std=0.4)
    ids = torch.randint(0, V, (2, S))
    output = run(ids)
    # A language model's next tokens, or vectors to come close to.
    labels, target = torch.randint(0, V, (2, S)), torch.randn(2, S, D)
    loss_of = (lambda y: F.cross_entropy(y.flatten(0, 1), labels.flatten())) if kind == "decoder-only" else lambda y: F.mse_loss(y, target)
    weights = {name: dict(shape=list(x.shape), values=flat(x)) for name, x in ours(lambda p: p).items()}
    loss_of(output).backward()
    gradients = {name: flat(x) for name, x in ours(lambda p: p.grad).items()}
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    losses = []
    for _ in range(3):
        optimizer.zero_grad()
        loss = loss_of(run(ids))
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    config = dict(vocabSize=V, dim=D, numHeads=H, ffnDim=FF, numLayers=L, maxLen=8, dropout=0, **choices)
    return dict(kind=kind, name=build.__name__, config=config, weights=weights, ids=ids.tolist(), lens=LENS.tolist(), labels=labels.tolist(), target=flat(target),
                output=flat(output), gradients=gradients, losses=losses)


cases = [case("decoder-only", 1, gpt), case("decoder-only", 2, llama), case("encoder-only", 3, encoder_only)]
(pathlib.Path(__file__).parent / "single_stack.json").write_text(json.dumps(cases) + "\n")
