using static TorchSharp.torch;

namespace TorchSharp;

public static partial class torchvision
{
    /// <summary>The box functions of torchvision.ops. Boxes are [N, 4].</summary>
    public static partial class ops
    {
        public enum BoxFormats
        {
            xyxy,
            xywh,
            cxcywh,
        }

        /// <summary>Converts boxes between corners, corner and size, and centre and size.</summary>
        public static Tensor box_convert(Tensor boxes, BoxFormats in_fmt, BoxFormats out_fmt)
        {
            using var scope = NewDisposeScope();
            Tensor corners = in_fmt switch
            {
                BoxFormats.xywh => cat([First(boxes), First(boxes) + Second(boxes)], -1),
                BoxFormats.cxcywh => cat([First(boxes) - Second(boxes) * 0.5, First(boxes) + Second(boxes) * 0.5], -1),
                _ => boxes.clone(),
            };
            Tensor converted = out_fmt switch
            {
                BoxFormats.xywh => cat([First(corners), Second(corners) - First(corners)], -1),
                BoxFormats.cxcywh => cat([(First(corners) + Second(corners)) / 2, Second(corners) - First(corners)], -1),
                _ => corners,
            };
            return converted.MoveToOuterDisposeScope();
        }

        /// <summary>The areas of corner boxes, [N].</summary>
        public static Tensor box_area(Tensor boxes)
        {
            using var scope = NewDisposeScope();
            return Product(Second(boxes) - First(boxes)).MoveToOuterDisposeScope();
        }

        /// <summary>Intersection over union of each of the first corner boxes with each of the second, [N, M].</summary>
        public static Tensor box_iou(Tensor boxes1, Tensor boxes2)
        {
            using var scope = NewDisposeScope();
            (Tensor intersection, Tensor union) = IntersectionAndUnion(boxes1, boxes2);
            return (intersection / union).MoveToOuterDisposeScope();
        }

        /// <summary>IoU less the share of the smallest common box that neither covers (Rezatofighi et al. 2019, arXiv:1902.09630), [N, M].</summary>
        public static Tensor generalized_box_iou(Tensor boxes1, Tensor boxes2)
        {
            using var scope = NewDisposeScope();
            (Tensor intersection, Tensor union) = IntersectionAndUnion(boxes1, boxes2);
            Tensor low = minimum(First(boxes1).unsqueeze(1), First(boxes2));        // [N, M, 2]
            Tensor high = maximum(Second(boxes1).unsqueeze(1), Second(boxes2));     // [N, M, 2]
            Tensor around = Product((high - low).clamp_min(0));                     // [N, M]
            return (intersection / union - (around - union) / around).MoveToOuterDisposeScope();
        }

        private static (Tensor Intersection, Tensor Union) IntersectionAndUnion(Tensor boxes1, Tensor boxes2)
        {
            Tensor low = maximum(First(boxes1).unsqueeze(1), First(boxes2));        // [N, M, 2]
            Tensor high = minimum(Second(boxes1).unsqueeze(1), Second(boxes2));     // [N, M, 2]
            Tensor intersection = Product((high - low).clamp_min(0));               // [N, M]
            return (intersection, box_area(boxes1).unsqueeze(1) + box_area(boxes2) - intersection);
        }

        private static Tensor Product(Tensor sides) => sides.select(-1, 0) * sides.select(-1, 1);

        private static Tensor First(Tensor boxes) => boxes.narrow(-1, 0, 2);

        private static Tensor Second(Tensor boxes) => boxes.narrow(-1, 2, 2);
    }
}
