"""PyTorch on the CPU, one thread: `python torch_peer.py TASK`. Needs torch."""

import json

try:
    import torch
except ImportError:
    print(json.dumps({"absent": "torch is not installed in that environment"}))
    raise SystemExit

from tasks import batch_of, serve, task, weights_of

torch.set_num_threads(1)
layers, batch, learning_rate = task()
inputs, labels = batch_of(layers, batch)
x = torch.tensor(inputs)
y = torch.tensor(labels, dtype=torch.int64)

parts = []
for i, (a, b) in enumerate(zip(layers, layers[1:])):
    dense = torch.nn.Linear(a, b)
    with torch.no_grad():
        dense.weight.copy_(torch.tensor(weights_of(a, b)).T)
        dense.bias.zero_()
    parts += [dense] if i == len(layers) - 2 else [dense, torch.nn.ReLU()]
model = torch.nn.Sequential(*parts)
optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate, eps=1e-7)


def once():
    optimizer.zero_grad()
    value = torch.nn.functional.cross_entropy(model(x), y)
    value.backward()
    optimizer.step()
    return value.item()


serve(once)
