// The shape of every exported function: it returns 0, or 1 with the error kept for vision_cv_error.
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>

#define VISION_CV extern "C" __attribute__((visibility("default")))

namespace vision {

void keepError(const cv::Exception& error) noexcept;
void keepError(const char* message) noexcept;

template <class Body>
int guarded(Body&& body) noexcept {
    try {
        body();
        return 0;
    } catch (const cv::Exception& error) {
        keepError(error);
    } catch (const std::exception& error) {
        keepError(error.what());
    } catch (...) {
        keepError("an unknown native exception");
    }
    return 1;
}

// OpenCV's own small types have constructors, so C does not say how they travel by value; these are plain.
struct Scalar {
    double values[4];
    operator cv::Scalar() const { return {values[0], values[1], values[2], values[3]}; }
};

struct Point {
    int32_t x, y;
    operator cv::Point() const { return {x, y}; }
};

struct PointF {
    float x, y;
    operator cv::Point2f() const { return {x, y}; }
};

struct Size {
    int32_t width, height;
    operator cv::Size() const { return {width, height}; }
};

// What C# passes for an InputArray.
struct Input {
    enum Kind : int64_t { nothing, matrix, scalarValue };
    const cv::Mat* mat;
    Scalar scalar;
    Kind kind;
};

class Argument {
public:
    Argument(const Input& input)
        : scalar(input.scalar),
          array(input.kind == Input::nothing  ? cv::_InputArray()
                : input.kind == Input::matrix ? cv::_InputArray(*input.mat)
                                              : cv::_InputArray(scalar)) {}
    Argument(const Argument&) = delete;
    operator const cv::_InputArray&() const { return array; }

private:
    cv::Scalar scalar;
    cv::_InputArray array;
};

}  // namespace vision
