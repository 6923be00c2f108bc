#!/usr/bin/python3
"""The torchvision counterpart of `vision bench`: the same work, options and JSON."""
import argparse, json, os, statistics, time
import torch, torchvision

parser = argparse.ArgumentParser()
parser.add_argument("model")
parser.add_argument("--batch-size", type=int, default=1)
parser.add_argument("--size")
parser.add_argument("--image")
parser.add_argument("--weights")
parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))  # some builds of torch, such as Debian's, default to one
parser.add_argument("--iterations", type=int, default=10)
parser.add_argument("--train", action="store_true")
parser.add_argument("--json")
options = parser.parse_args()

torch.set_num_threads(options.threads)
torch.manual_seed(0)
on_any_resnet = options.model.startswith("fasterrcnn_resnet") and options.model.endswith("_fpn")
detects = on_any_resnet or hasattr(torchvision.models.detection, options.model)
segments = hasattr(torchvision.models.segmentation, options.model)
height, width = map(int, (options.size or ("480x640" if detects else "520x520" if segments else "224x224")).lower().split("x"))

if on_any_resnet:
    backbone = options.model.split("_")[1]
    # As in torchvision: with pretrained weights, batch norm is frozen, and the stem and the first stage are not trained.
    norm = torchvision.ops.FrozenBatchNorm2d if options.weights else torch.nn.BatchNorm2d
    model = torchvision.models.detection.FasterRCNN(
        torchvision.models.detection.backbone_utils.resnet_fpn_backbone(
            backbone_name=backbone, weights=None, norm_layer=norm, trainable_layers=3 if options.weights else 5), 91)
elif detects:
    model = getattr(torchvision.models.detection, options.model)(weights=None, weights_backbone=None)
elif segments:
    auxiliary = {} if options.model.startswith("lraspp") else {"aux_loss": options.train}
    model = getattr(torchvision.models.segmentation, options.model)(weights=None, weights_backbone=None, **auxiliary)
else:
    model = getattr(torchvision.models, options.model)(weights=None)
if options.weights:
    model.load_state_dict(torch.load(options.weights))

if options.image:
    import cv2
    pixels = cv2.cvtColor(cv2.resize(cv2.imread(options.image), (width, height)), cv2.COLOR_BGR2RGB)
    image = torch.from_numpy(pixels).permute(2, 0, 1).float().div(255).contiguous()
else:
    image = torch.rand(3, height, width)
images = torch.stack([image] * options.batch_size)

# Ten boxes along the diagonal, as in `vision bench --train`.
corners = torch.arange(10).float() * 0.08
boxes = torch.stack([corners * width, corners * height, (corners + 0.2) * width, (corners + 0.2) * height], 1)
target = {"boxes": boxes, "labels": torch.arange(10) % 5 + 1}
if options.model.startswith("maskrcnn"):
    rows, columns = torch.arange(height).reshape(1, -1, 1), torch.arange(width).reshape(1, 1, -1)
    x1, y1, x2, y2 = boxes.reshape(10, 4, 1, 1).unbind(1)
    target["masks"] = ((columns >= x1) & (columns < x2) & (rows >= y1) & (rows < y2)).to(torch.uint8)
if options.model.startswith("keypointrcnn"):
    steps = torch.arange(1, 18) / 18
    points = boxes[:, None, :2] + steps[None, :, None] * (boxes[:, None, 2:] - boxes[:, None, :2])
    target["keypoints"] = torch.cat([points, torch.ones(10, 17, 1)], 2)
    target["labels"] = torch.ones(10, dtype=torch.int64)
targets = [target] * options.batch_size


# Squares of classes, as in `vision bench`.
squares = (torch.arange(height)[:, None] // 32 + torch.arange(width) // 32) % 5
squares = torch.stack([squares] * options.batch_size)


def predict():
    with torch.inference_mode():
        model(list(images) if detects else images)


def train():
    model.zero_grad(set_to_none=True)
    if detects:
        loss = sum(model(list(images), targets).values())
    elif segments:
        losses = {name: torch.nn.functional.cross_entropy(logits, squares, ignore_index=255) for name, logits in model(images).items()}
        loss = losses["out"] + 0.5 * losses.get("aux", 0)
    else:
        loss = torch.nn.functional.cross_entropy(model(images), torch.arange(options.batch_size) % 5)
    loss.backward()


model.train(options.train)
step = train if options.train else predict
begin, rounds = time.perf_counter(), 0
while rounds < 2 or time.perf_counter() - begin < 2:
    step()
    rounds += 1
times = []
for _ in range(options.iterations):
    start = time.perf_counter()
    step()
    times.append((time.perf_counter() - start) * 1000)

median = statistics.median(times)
result = {"median_ms": median, "min_ms": min(times), "images_per_s": 1000 * options.batch_size / median}
print(json.dumps(result))
if options.json:
    with open(options.json, "w") as file:
        json.dump(result, file)
