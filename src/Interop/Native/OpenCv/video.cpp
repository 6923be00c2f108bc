#include "abi.h"

#include <cstdlib>
#include <opencv2/core/utils/logger.hpp>
#include <opencv2/videoio.hpp>

using cv::Mat;
using cv::VideoCapture;
using cv::VideoWriter;
using vision::guarded;

namespace {

// FFmpeg writes hundreds of lines on standard error for one damaged file. Whoever reads a video learns of it otherwise;
// to see them all the same, set OPENCV_FFMPEG_LOGLEVEL (32 is "info").
void quietenFfmpeg() {
    static const int done = setenv("OPENCV_FFMPEG_LOGLEVEL", "-8", 0);
    (void)done;
}

}  // namespace

VISION_CV int vision_cv_capture_new(VideoCapture** result) {
    return guarded([&] {
        quietenFfmpeg();
        *result = new VideoCapture();
    });
}

VISION_CV void vision_cv_capture_delete(VideoCapture* capture) { delete capture; }

VISION_CV int vision_cv_capture_open_file(VideoCapture* capture, const char* file, int api, int* opened) {
    return guarded([&] { *opened = capture->open(file, api); });
}

VISION_CV int vision_cv_capture_open_camera(VideoCapture* capture, int index, int api, int* opened) {
    return guarded([&] { *opened = capture->open(index, api); });
}

VISION_CV int vision_cv_capture_is_opened(const VideoCapture* capture, int* opened) {
    return guarded([&] { *opened = capture->isOpened(); });
}

VISION_CV int vision_cv_capture_grab(VideoCapture* capture, int* grabbed) {
    return guarded([&] { *grabbed = capture->grab(); });
}

VISION_CV int vision_cv_capture_retrieve(VideoCapture* capture, Mat* image, int flag, int* retrieved) {
    return guarded([&] { *retrieved = capture->retrieve(*image, flag); });
}

VISION_CV int vision_cv_capture_read(VideoCapture* capture, Mat* image, int* read) {
    return guarded([&] { *read = capture->read(*image); });
}

VISION_CV int vision_cv_capture_get(const VideoCapture* capture, int property, double* value) {
    return guarded([&] { *value = capture->get(property); });
}

VISION_CV int vision_cv_capture_set(VideoCapture* capture, int property, double value, int* done) {
    return guarded([&] { *done = capture->set(property, value); });
}

VISION_CV int vision_cv_writer_new(VideoWriter** result) {
    return guarded([&] {
        quietenFfmpeg();
        *result = new VideoWriter();
    });
}

VISION_CV void vision_cv_writer_delete(VideoWriter* writer) { delete writer; }

VISION_CV int vision_cv_writer_open(VideoWriter* writer, const char* file, int api, int fourcc, double fps, vision::Size size, int colour, int* opened) {
    return guarded([&] { *opened = writer->open(file, api, fourcc, fps, size, colour != 0); });
}

VISION_CV int vision_cv_writer_is_opened(const VideoWriter* writer, int* opened) {
    return guarded([&] { *opened = writer->isOpened(); });
}

VISION_CV int vision_cv_writer_write(VideoWriter* writer, vision::Input image) {
    return guarded([&] { writer->write(vision::Argument(image)); });
}

VISION_CV int vision_cv_writer_release(VideoWriter* writer) {
    return guarded([&] { writer->release(); });
}

VISION_CV int vision_cv_set_log_level(int level) {
    return static_cast<int>(cv::utils::logging::setLogLevel(static_cast<cv::utils::logging::LogLevel>(level)));
}
