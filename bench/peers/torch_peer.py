"""PyTorch on the CPU: `python torch_peer.py FOLDER [THREADS]`. Needs torch."""

import sys

from tasks import absent, serve, task

try:
    import torch
except ImportError:
    absent("torch is not installed in that environment")

from torch import nn
from torch.nn import functional as F

if len(sys.argv) > 2:
    torch.set_num_threads(int(sys.argv[2]))
described, columns, weights = task()
sizes = described["sizes"]
batch = described["batch"]
data = {name: torch.from_numpy(column.copy()) for name, column in columns.items()}
w = {name: torch.from_numpy(weight.copy()) for name, weight in weights.items()}
label = data["label"]


def dense(name):
    kernel = w[f"{name}.kernel"]
    layer = nn.Linear(*kernel.shape)
    with torch.no_grad():
        layer.weight.copy_(kernel.T)
        layer.bias.copy_(w[f"{name}.bias"])
    return layer


def normalization(name):
    layer = nn.LayerNorm(sizes["width"], eps=sizes["epsilon"])
    with torch.no_grad():
        layer.weight.copy_(w[f"{name}.gamma"])
        layer.bias.copy_(w[f"{name}.beta"])
    return layer


def embedding(name):
    return nn.Embedding.from_pretrained(w[name], freeze=False)


def chain():
    count = len(sizes["layers"]) - 1
    parts = []
    for i in range(count):
        parts += [dense(f"dense.{i}")] + ([nn.ReLU()] if i < count - 1 else [])
    model = nn.Sequential(*parts)
    return model, lambda: model(data["x"])


class FlattenAsStored(nn.Module):
    """Row, column, channel: the order in which the dense layer's weights are given."""

    def forward(self, x):
        return x.permute(0, 2, 3, 1).flatten(1)


def convolution():
    def conv(name):
        kernel = w[f"{name}.kernel"].permute(3, 2, 0, 1)
        layer = nn.Conv2d(kernel.shape[1], kernel.shape[0], 3)
        with torch.no_grad():
            layer.weight.copy_(kernel)
            layer.bias.copy_(w[f"{name}.bias"])
        return [layer, nn.ReLU(), nn.MaxPool2d(2)]

    model = nn.Sequential(*conv("conv.0"), *conv("conv.1"), FlattenAsStored(), dense("dense"))
    x = data["x"].permute(0, 3, 1, 2).contiguous()
    return model, lambda: model(x)


class Wide(nn.Module):
    def __init__(self):
        super().__init__()
        names = [f"category{i}" for i in range(sizes["categories"])]
        self.codes = [data[name] for name in names]
        self.deep = nn.ModuleList(embedding(f"deep.{name}") for name in names)
        self.wide = nn.ModuleList(embedding(f"wide.{name}") for name in names)
        self.tower = nn.Sequential(
            dense("hidden.0"), nn.ReLU(), dense("hidden.1"), nn.ReLU(), dense("deep")
        )
        self.linear = dense("wide")

    def forward(self, x):
        found = [table(codes) for table, codes in zip(self.deep, self.codes)]
        seen = self.tower(torch.cat([*found, x], dim=-1))
        return seen + self.linear(x) + sum(table(codes) for table, codes in zip(self.wide, self.codes))


class Block(nn.Module):
    def __init__(self, i):
        super().__init__()
        width = sizes["width"]
        self.attention_norm = normalization(f"{i}.attentionNorm")
        self.parts = nn.ModuleList()
        for part in ("query", "key", "value"):
            w[f"{part}.kernel"] = w[f"{i}.{part}.kernel"].reshape(width, width)
            w[f"{part}.bias"] = w[f"{i}.{part}.bias"].reshape(width)
            self.parts.append(dense(part))
        w["output.kernel"] = w[f"{i}.output.kernel"].reshape(width, width)
        w["output.bias"] = w[f"{i}.output.bias"]
        self.output = dense("output")
        self.dense_norm = normalization(f"{i}.denseNorm")
        self.widen = dense(f"{i}.widen")
        self.narrow = dense(f"{i}.narrow")

    def forward(self, x):
        normal = self.attention_norm(x)
        heads = (len(x), sizes["context"], sizes["heads"], -1)
        query, key, value = (part(normal).view(heads).transpose(1, 2) for part in self.parts)
        seen = F.scaled_dot_product_attention(query, key, value, is_causal=True)
        x = x + self.output(seen.transpose(1, 2).flatten(2))
        return x + self.narrow(F.gelu(self.widen(self.dense_norm(x)), approximate="tanh"))


class Transformer(nn.Module):
    def __init__(self):
        super().__init__()
        self.meaning = embedding("meaning")
        self.place = nn.Parameter(w["place"])
        self.blocks = nn.Sequential(*(Block(i) for i in range(sizes["blocks"])))
        self.norm = normalization("norm")
        self.letters = dense("letters")

    def forward(self, x):
        return self.letters(self.norm(self.blocks(self.meaning(x) + self.place)))


def built():
    kind = described["model"]
    if kind == "dense":
        return chain()
    if kind == "convolution":
        return convolution()
    model = {"wide": Wide, "transformer": Transformer}[kind]() if kind != "online" else dense("dense")
    return model, lambda: model(data["x"])


def loss_of(outputs):
    if described["model"] in ("wide", "online"):
        return F.binary_cross_entropy_with_logits(outputs, label)
    return F.cross_entropy(outputs.flatten(0, -2), label.flatten().long())


model, forward = built()
rate = described["learningRate"]
if described["model"] == "online":
    optimizer = torch.optim.SGD(model.parameters(), lr=rate)
else:
    optimizer = torch.optim.Adam(model.parameters(), lr=rate, eps=1e-7)


def once():
    optimizer.zero_grad()
    value = loss_of(forward())
    value.backward()
    optimizer.step()
    return value.item()


serve(once, torch.__version__)
