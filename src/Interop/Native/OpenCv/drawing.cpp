#include "abi.h"

#include <opencv2/imgproc.hpp>

using cv::Mat;
using vision::guarded;
using vision::Point;
using vision::Scalar;

namespace {

// Polygons come as one run of points and the length of each.
std::vector<std::vector<cv::Point>> polygons(const Point* points, const int* lengths, int count) {
    std::vector<std::vector<cv::Point>> result;
    for (int i = 0; i < count; points += lengths[i], i++) result.emplace_back(points, points + lengths[i]);
    return result;
}

}  // namespace

VISION_CV int vision_cv_line(Mat* image, Point from, Point to, Scalar colour, int thickness, int line, int shift) {
    return guarded([&] { cv::line(*image, from, to, colour, thickness, line, shift); });
}

VISION_CV int vision_cv_rectangle(Mat* image, Point from, Point to, Scalar colour, int thickness, int line, int shift) {
    return guarded([&] { cv::rectangle(*image, from, to, colour, thickness, line, shift); });
}

VISION_CV int vision_cv_circle(Mat* image, Point centre, int radius, Scalar colour, int thickness, int line, int shift) {
    return guarded([&] { cv::circle(*image, centre, radius, colour, thickness, line, shift); });
}

VISION_CV int vision_cv_ellipse(Mat* image, Point centre, vision::Size axes, double angle, double start, double end, Scalar colour, int thickness, int line, int shift) {
    return guarded([&] { cv::ellipse(*image, centre, axes, angle, start, end, colour, thickness, line, shift); });
}

VISION_CV int vision_cv_polylines(Mat* image, const Point* points, const int* lengths, int count, int closed, Scalar colour, int thickness, int line, int shift) {
    return guarded([&] { cv::polylines(*image, polygons(points, lengths, count), closed != 0, colour, thickness, line, shift); });
}

VISION_CV int vision_cv_fill_poly(Mat* image, const Point* points, const int* lengths, int count, Scalar colour, int line, int shift, Point offset) {
    return guarded([&] { cv::fillPoly(*image, polygons(points, lengths, count), colour, line, shift, offset); });
}

VISION_CV int vision_cv_put_text(Mat* image, const char* text, Point origin, int font, double scale, Scalar colour, int thickness, int line, int bottomLeft) {
    return guarded([&] { cv::putText(*image, text, origin, font, scale, colour, thickness, line, bottomLeft != 0); });
}

VISION_CV int vision_cv_text_size(const char* text, int font, double scale, int thickness, int* baseline, cv::Size* result) {
    return guarded([&] { *result = cv::getTextSize(text, font, scale, thickness, baseline); });
}
