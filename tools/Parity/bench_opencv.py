#!/usr/bin/python3
"""Times OpenCV's DNN module on an ONNX file: bench_opencv.py FILE HxW ITERATIONS THREADS; prints the median in ms."""
import statistics, sys, time
import cv2, numpy

path, size, iterations, threads = sys.argv[1:]
height, width = map(int, size.split("x"))
cv2.setNumThreads(int(threads))
network = cv2.dnn.readNetFromONNX(path)
image = numpy.random.rand(1, 3, height, width).astype(numpy.float32)


def step():
    network.setInput(image)
    network.forward(network.getUnconnectedOutLayersNames())


begin, rounds = time.perf_counter(), 0
while rounds < 2 or time.perf_counter() - begin < 2:
    step()
    rounds += 1
times = []
for _ in range(int(iterations)):
    start = time.perf_counter()
    step()
    times.append((time.perf_counter() - start) * 1000)
print(statistics.median(times))
