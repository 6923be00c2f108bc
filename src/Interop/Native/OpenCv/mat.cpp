#include "abi.h"

using cv::Mat;
using vision::guarded;
using vision::Input;

// What C# wants to know of a matrix, in one call.
struct MatInfo {
    uint8_t* data;
    int64_t step;
    int32_t rows, columns, type, dimensions;
};

VISION_CV int vision_cv_mat_new(Mat** result) {
    return guarded([&] { *result = new Mat(); });
}

VISION_CV int vision_cv_mat_new_sized(int rows, int columns, int type, Mat** result) {
    return guarded([&] { *result = new Mat(rows, columns, type); });
}

VISION_CV int vision_cv_mat_new_filled(int rows, int columns, int type, vision::Scalar value, Mat** result) {
    return guarded([&] { *result = new Mat(rows, columns, type, cv::Scalar(value)); });
}

VISION_CV int vision_cv_mat_new_over(int rows, int columns, int type, void* data, int64_t step, Mat** result) {
    return guarded([&] { *result = new Mat(rows, columns, type, data, static_cast<size_t>(step)); });
}

VISION_CV int vision_cv_mat_new_part(const Mat* mat, int x, int y, int width, int height, Mat** result) {
    return guarded([&] { *result = new Mat(*mat, cv::Rect(x, y, width, height)); });
}

VISION_CV void vision_cv_mat_delete(Mat* mat) { delete mat; }

VISION_CV void vision_cv_mat_info(const Mat* mat, MatInfo* info) {
    *info = {mat->data, static_cast<int64_t>(mat->dims > 0 ? mat->step[0] : 0), mat->rows, mat->cols, mat->type(), mat->dims};
}

VISION_CV int vision_cv_mat_is_continuous(const Mat* mat) { return mat->isContinuous(); }

VISION_CV int vision_cv_mat_is_submatrix(const Mat* mat) { return mat->isSubmatrix(); }

// The bytes that OpenCV allocated for this matrix: none for a part of another or for memory that the caller owns.
VISION_CV int64_t vision_cv_mat_owned_bytes(const Mat* mat) {
    return mat->u && !mat->isSubmatrix() ? static_cast<int64_t>(mat->u->size) : 0;
}

VISION_CV int vision_cv_mat_create(Mat* mat, int rows, int columns, int type) {
    return guarded([&] { mat->create(rows, columns, type); });
}

VISION_CV int vision_cv_mat_copy_to(const Mat* mat, Mat* result, Input mask) {
    return guarded([&] {
        if (mask.kind == Input::nothing) mat->copyTo(*result);
        else mat->copyTo(*result, vision::Argument(mask));
    });
}

VISION_CV int vision_cv_mat_convert_to(const Mat* mat, Mat* result, int type, double alpha, double beta) {
    return guarded([&] { mat->convertTo(*result, type, alpha, beta); });
}

VISION_CV int vision_cv_mat_set_to(Mat* mat, Input value, Input mask) {
    return guarded([&] { mat->setTo(vision::Argument(value), vision::Argument(mask)); });
}
