using static TorchSharp.torch.InterpolationMode;

namespace Vision.Backbones;

/// <summary>The facts about every backbone. Tests compare them with the networks
/// themselves and with torchvision's published values.</summary>
internal static class BackboneFactsTable
{
    private const string Host = "https://download.pytorch.org/models/";

    private static readonly Dictionary<string, BackboneFacts> rows = new()
    {
        ["convnext_base"] = new(88_591_464, 15.355, [(128, 4), (256, 8), (512, 16), (1024, 32)], [
            new("IMAGENET1K_V1", Host + "convnext_base-6075fbad.pth", 84.062, 96.87, new(232, 224))]),
        ["convnext_large"] = new(197_767_336, 34.361, [(192, 4), (384, 8), (768, 16), (1536, 32)], [
            new("IMAGENET1K_V1", Host + "convnext_large-ea097f82.pth", 84.414, 96.976, new(232, 224))]),
        ["convnext_small"] = new(50_223_688, 8.684, [(96, 4), (192, 8), (384, 16), (768, 32)], [
            new("IMAGENET1K_V1", Host + "convnext_small-0c510722.pth", 83.616, 96.65, new(230, 224))]),
        ["convnext_tiny"] = new(28_589_128, 4.456, [(96, 4), (192, 8), (384, 16), (768, 32)], [
            new("IMAGENET1K_V1", Host + "convnext_tiny-983f1562.pth", 82.52, 96.146, new(236, 224))]),
        ["densenet121"] = new(7_978_856, 2.834, [(64, 2), (256, 4), (512, 8), (1024, 16), (1024, 32)], [
            new("IMAGENET1K_V1", Host + "densenet121-a639ec97.pth", 74.434, 91.972, new(256, 224))]),
        ["densenet161"] = new(28_681_000, 7.728, [(96, 2), (384, 4), (768, 8), (2112, 16), (2208, 32)], [
            new("IMAGENET1K_V1", Host + "densenet161-8d451a50.pth", 77.138, 93.56, new(256, 224))]),
        ["densenet169"] = new(14_149_480, 3.360, [(64, 2), (256, 4), (512, 8), (1280, 16), (1664, 32)], [
            new("IMAGENET1K_V1", Host + "densenet169-b2777c0a.pth", 75.6, 92.806, new(256, 224))]),
        ["densenet201"] = new(20_013_928, 4.291, [(64, 2), (256, 4), (512, 8), (1792, 16), (1920, 32)], [
            new("IMAGENET1K_V1", Host + "densenet201-c1103571.pth", 76.896, 93.37, new(256, 224))]),
        ["efficientnet_b0"] = new(5_288_548, 0.386, [(16, 2), (24, 4), (40, 8), (112, 16), (1280, 32)], [
            new("IMAGENET1K_V1", Host + "efficientnet_b0_rwightman-3dd342df.pth", 77.692, 93.532, new(256, 224, Bicubic))]),
        ["efficientnet_b1"] = new(7_794_184, 0.570, [(16, 2), (24, 4), (40, 8), (112, 16), (1280, 32)], [
            new("IMAGENET1K_V1", Host + "efficientnet_b1_rwightman-533bc792.pth", 78.642, 94.186, new(256, 240, Bicubic)),
            new("IMAGENET1K_V2", Host + "efficientnet_b1-c27df63c.pth", 79.838, 94.934, new(255, 240))]),
        ["efficientnet_b2"] = new(9_109_994, 0.659, [(16, 2), (24, 4), (48, 8), (120, 16), (1408, 32)], [
            new("IMAGENET1K_V1", Host + "efficientnet_b2_rwightman-bcdf34b7.pth", 80.608, 95.31, new(288, 288, Bicubic))]),
        ["efficientnet_b3"] = new(12_233_232, 0.963, [(24, 2), (32, 4), (48, 8), (136, 16), (1536, 32)], [
            new("IMAGENET1K_V1", Host + "efficientnet_b3_rwightman-cf984f9c.pth", 82.008, 96.054, new(320, 300, Bicubic))]),
        ["efficientnet_b4"] = new(19_341_616, 1.504, [(24, 2), (32, 4), (56, 8), (160, 16), (1792, 32)], [
            new("IMAGENET1K_V1", Host + "efficientnet_b4_rwightman-7eb33cd5.pth", 83.384, 96.594, new(384, 380, Bicubic))]),
        ["efficientnet_b5"] = new(30_389_784, 2.356, [(24, 2), (40, 4), (64, 8), (176, 16), (2048, 32)], [
            new("IMAGENET1K_V1", Host + "efficientnet_b5_lukemelas-b6417697.pth", 83.444, 96.628, new(456, 456, Bicubic))]),
        ["efficientnet_b6"] = new(43_040_704, 3.360, [(32, 2), (40, 4), (72, 8), (200, 16), (2304, 32)], [
            new("IMAGENET1K_V1", Host + "efficientnet_b6_lukemelas-c76e70fd.pth", 84.008, 96.916, new(528, 528, Bicubic))]),
        ["efficientnet_b7"] = new(66_347_960, 5.170, [(32, 2), (48, 4), (80, 8), (224, 16), (2560, 32)], [
            new("IMAGENET1K_V1", Host + "efficientnet_b7_lukemelas-dcc49843.pth", 84.122, 96.908, new(600, 600, Bicubic))]),
        ["efficientnet_v2_l"] = new(118_515_272, 12.231, [(32, 2), (64, 4), (96, 8), (224, 16), (1280, 32)], [
            new("IMAGENET1K_V1", Host + "efficientnet_v2_l-59c71312.pth", 85.808, 97.788,
                new(480, 480, Bicubic) { Mean = [0.5f, 0.5f, 0.5f], Std = [0.5f, 0.5f, 0.5f] })]),
        ["efficientnet_v2_m"] = new(54_139_356, 5.362, [(24, 2), (48, 4), (80, 8), (176, 16), (1280, 32)], [
            new("IMAGENET1K_V1", Host + "efficientnet_v2_m-dc08266a.pth", 85.112, 97.156, new(480, 480))]),
        ["efficientnet_v2_s"] = new(21_458_488, 2.850, [(24, 2), (48, 4), (64, 8), (160, 16), (1280, 32)], [
            new("IMAGENET1K_V1", Host + "efficientnet_v2_s-dd5fe13b.pth", 84.228, 96.878, new(384, 384))]),
        ["mobilenet_v2"] = new(3_504_872, 0.301, [(16, 2), (24, 4), (32, 8), (96, 16), (1280, 32)], [
            new("IMAGENET1K_V1", Host + "mobilenet_v2-b0353104.pth", 71.878, 90.286, new(256, 224)),
            new("IMAGENET1K_V2", Host + "mobilenet_v2-7ebf99e0.pth", 72.154, 90.822, new(232, 224))]),
        ["mobilenet_v3_large"] = new(5_483_032, 0.217, [(16, 2), (24, 4), (40, 8), (112, 16), (960, 32)], [
            new("IMAGENET1K_V1", Host + "mobilenet_v3_large-8738ca79.pth", 74.042, 91.34, new(256, 224)),
            new("IMAGENET1K_V2", Host + "mobilenet_v3_large-5c1a4163.pth", 75.274, 92.566, new(232, 224))]),
        ["mobilenet_v3_small"] = new(2_542_856, 0.057, [(16, 2), (16, 4), (24, 8), (48, 16), (576, 32)], [
            new("IMAGENET1K_V1", Host + "mobilenet_v3_small-047dcff4.pth", 67.668, 87.402, new(256, 224))]),
        ["preact_resnet1001_cifar"] = new(10_582_136, 73.059, [(16, 1), (64, 1), (128, 2), (256, 4)], []),
        ["preact_resnet101"] = new(44_541_480, 7.801, [(64, 2), (256, 4), (512, 8), (1024, 16), (2048, 32)], []),
        ["preact_resnet110_cifar"] = new(1_794_872, 12.404, [(16, 1), (16, 1), (32, 2), (64, 4)], []),
        ["preact_resnet152"] = new(60_185_128, 11.514, [(64, 2), (256, 4), (512, 8), (1024, 16), (2048, 32)], []),
        ["preact_resnet164_cifar"] = new(1_957_688, 12.135, [(16, 1), (64, 1), (128, 2), (256, 4)], []),
        ["preact_resnet18"] = new(11_687_720, 1.814, [(64, 2), (64, 4), (128, 8), (256, 16), (512, 32)], []),
        ["preact_resnet20_cifar"] = new(336_632, 2.000, [(16, 1), (16, 1), (32, 2), (64, 4)], []),
        ["preact_resnet34"] = new(21_795_880, 3.664, [(64, 2), (64, 4), (128, 8), (256, 16), (512, 32)], []),
        ["preact_resnet50"] = new(25_549_352, 4.089, [(64, 2), (256, 4), (512, 8), (1024, 16), (2048, 32)], []),
        ["preact_resnet56_cifar"] = new(919_928, 6.162, [(16, 1), (16, 1), (32, 2), (64, 4)], []),
        ["regnet_x_16gf"] = new(54_278_536, 15.941, [(32, 2), (256, 4), (512, 8), (896, 16), (2048, 32)], [
            new("IMAGENET1K_V1", Host + "regnet_x_16gf-2007eb11.pth", 80.058, 94.944, new(256, 224)),
            new("IMAGENET1K_V2", Host + "regnet_x_16gf-ba3796d7.pth", 82.716, 96.196, new(232, 224))]),
        ["regnet_x_1_6gf"] = new(9_190_136, 1.603, [(32, 2), (72, 4), (168, 8), (408, 16), (912, 32)], [
            new("IMAGENET1K_V1", Host + "regnet_x_1_6gf-e3633e7f.pth", 77.04, 93.44, new(256, 224)),
            new("IMAGENET1K_V2", Host + "regnet_x_1_6gf-a12f2b72.pth", 79.668, 94.922, new(232, 224))]),
        ["regnet_x_32gf"] = new(107_811_560, 31.736, [(32, 2), (336, 4), (672, 8), (1344, 16), (2520, 32)], [
            new("IMAGENET1K_V1", Host + "regnet_x_32gf-9d47f8d0.pth", 80.622, 95.248, new(256, 224)),
            new("IMAGENET1K_V2", Host + "regnet_x_32gf-6eb8fdc6.pth", 83.014, 96.288, new(232, 224))]),
        ["regnet_x_3_2gf"] = new(15_296_552, 3.177, [(32, 2), (96, 4), (192, 8), (432, 16), (1008, 32)], [
            new("IMAGENET1K_V1", Host + "regnet_x_3_2gf-f342aeae.pth", 78.364, 93.992, new(256, 224)),
            new("IMAGENET1K_V2", Host + "regnet_x_3_2gf-7071aa85.pth", 81.196, 95.43, new(232, 224))]),
        ["regnet_x_400mf"] = new(5_495_976, 0.414, [(32, 2), (32, 4), (64, 8), (160, 16), (400, 32)], [
            new("IMAGENET1K_V1", Host + "regnet_x_400mf-adf1edd5.pth", 72.834, 90.95, new(256, 224)),
            new("IMAGENET1K_V2", Host + "regnet_x_400mf-62229a5f.pth", 74.864, 92.322, new(232, 224))]),
        ["regnet_x_800mf"] = new(7_259_656, 0.800, [(32, 2), (64, 4), (128, 8), (288, 16), (672, 32)], [
            new("IMAGENET1K_V1", Host + "regnet_x_800mf-ad17e45c.pth", 75.212, 92.348, new(256, 224)),
            new("IMAGENET1K_V2", Host + "regnet_x_800mf-94a99ebd.pth", 77.522, 93.826, new(232, 224))]),
        ["regnet_x_8gf"] = new(39_572_648, 7.995, [(32, 2), (80, 4), (240, 8), (720, 16), (1920, 32)], [
            new("IMAGENET1K_V1", Host + "regnet_x_8gf-03ceed89.pth", 79.344, 94.686, new(256, 224)),
            new("IMAGENET1K_V2", Host + "regnet_x_8gf-2b70d774.pth", 81.682, 95.678, new(232, 224))]),
        ["regnet_y_16gf"] = new(83_590_140, 15.912, [(32, 2), (224, 4), (448, 8), (1232, 16), (3024, 32)], [
            new("IMAGENET1K_V1", Host + "regnet_y_16gf-9e6ed7dd.pth", 80.424, 95.24, new(256, 224)),
            new("IMAGENET1K_V2", Host + "regnet_y_16gf-3e4a00f9.pth", 82.886, 96.328, new(232, 224)),
            new("IMAGENET1K_SWAG_E2E_V1", Host + "regnet_y_16gf_swag-43afe44d.pth", 86.012, 98.054, new(384, 384, Bicubic)),
            new("IMAGENET1K_SWAG_LINEAR_V1", Host + "regnet_y_16gf_lc_swag-f3ec0043.pth", 83.976, 97.244, new(224, 224, Bicubic))]),
        ["regnet_y_1_6gf"] = new(11_202_430, 1.612, [(32, 2), (48, 4), (120, 8), (336, 16), (888, 32)], [
            new("IMAGENET1K_V1", Host + "regnet_y_1_6gf-b11a554e.pth", 77.95, 93.966, new(256, 224)),
            new("IMAGENET1K_V2", Host + "regnet_y_1_6gf-0d7bc02a.pth", 80.876, 95.444, new(232, 224))]),
        ["regnet_y_32gf"] = new(145_046_770, 32.280, [(32, 2), (232, 4), (696, 8), (1392, 16), (3712, 32)], [
            new("IMAGENET1K_V1", Host + "regnet_y_32gf-4dee3f7a.pth", 80.878, 95.34, new(256, 224)),
            new("IMAGENET1K_V2", Host + "regnet_y_32gf-8db6d4b5.pth", 83.368, 96.498, new(232, 224)),
            new("IMAGENET1K_SWAG_E2E_V1", Host + "regnet_y_32gf_swag-04fdfa75.pth", 86.838, 98.362, new(384, 384, Bicubic)),
            new("IMAGENET1K_SWAG_LINEAR_V1", Host + "regnet_y_32gf_lc_swag-e1583746.pth", 84.622, 97.48, new(224, 224, Bicubic))]),
        ["regnet_y_3_2gf"] = new(19_436_338, 3.176, [(32, 2), (72, 4), (216, 8), (576, 16), (1512, 32)], [
            new("IMAGENET1K_V1", Host + "regnet_y_3_2gf-b5a9779c.pth", 78.948, 94.576, new(256, 224)),
            new("IMAGENET1K_V2", Host + "regnet_y_3_2gf-9180c971.pth", 81.982, 95.972, new(232, 224))]),
        ["regnet_y_400mf"] = new(4_344_144, 0.402, [(32, 2), (48, 4), (104, 8), (208, 16), (440, 32)], [
            new("IMAGENET1K_V1", Host + "regnet_y_400mf-c65dace8.pth", 74.046, 91.716, new(256, 224)),
            new("IMAGENET1K_V2", Host + "regnet_y_400mf-e6988f5f.pth", 75.804, 92.742, new(232, 224))]),
        ["regnet_y_800mf"] = new(6_432_512, 0.834, [(32, 2), (64, 4), (144, 8), (320, 16), (784, 32)], [
            new("IMAGENET1K_V1", Host + "regnet_y_800mf-1b27b58c.pth", 76.42, 93.136, new(256, 224)),
            new("IMAGENET1K_V2", Host + "regnet_y_800mf-58fc7688.pth", 78.828, 94.502, new(232, 224))]),
        ["regnet_y_8gf"] = new(39_381_472, 8.473, [(32, 2), (224, 4), (448, 8), (896, 16), (2016, 32)], [
            new("IMAGENET1K_V1", Host + "regnet_y_8gf-d0d0e4a8.pth", 80.032, 95.048, new(256, 224)),
            new("IMAGENET1K_V2", Host + "regnet_y_8gf-dc2b1b54.pth", 82.828, 96.33, new(232, 224))]),
        ["res2net101_26w_4s"] = new(45_206_688, 8.067, [(64, 2), (256, 4), (512, 8), (1024, 16), (2048, 32)], []),
        ["res2net50_26w_4s"] = new(25_699_120, 4.255, [(64, 2), (256, 4), (512, 8), (1024, 16), (2048, 32)], []),
        ["resnet101"] = new(44_549_160, 7.801, [(64, 2), (256, 4), (512, 8), (1024, 16), (2048, 32)], [
            new("IMAGENET1K_V1", Host + "resnet101-63fe2227.pth", 77.374, 93.546, new(256, 224)),
            new("IMAGENET1K_V2", Host + "resnet101-cd907fc2.pth", 81.886, 95.78, new(232, 224))]),
        ["resnet101d"] = new(44_568_392, 8.041, [(64, 2), (256, 4), (512, 8), (1024, 16), (2048, 32)], []),
        ["resnet110_cifar"] = new(1_792_312, 12.392, [(16, 1), (16, 1), (32, 2), (64, 4)], []),
        ["resnet1202_cifar"] = new(19_485_624, 138.633, [(16, 1), (16, 1), (32, 2), (64, 4)], []),
        ["resnet152"] = new(60_192_808, 11.514, [(64, 2), (256, 4), (512, 8), (1024, 16), (2048, 32)], [
            new("IMAGENET1K_V1", Host + "resnet152-394f9c45.pth", 78.312, 94.046, new(256, 224)),
            new("IMAGENET1K_V2", Host + "resnet152-f82ba261.pth", 82.284, 96.002, new(232, 224))]),
        ["resnet152d"] = new(60_212_040, 11.753, [(64, 2), (256, 4), (512, 8), (1024, 16), (2048, 32)], []),
        ["resnet18"] = new(11_689_512, 1.814, [(64, 2), (64, 4), (128, 8), (256, 16), (512, 32)], [
            new("IMAGENET1K_V1", Host + "resnet18-f37072fd.pth", 69.758, 89.078, new(256, 224))]),
        ["resnet18d"] = new(11_708_744, 2.054, [(64, 2), (64, 4), (128, 8), (256, 16), (512, 32)], []),
        ["resnet20_cifar"] = new(334_072, 1.987, [(16, 1), (16, 1), (32, 2), (64, 4)], []),
        ["resnet32_cifar"] = new(528_504, 3.374, [(16, 1), (16, 1), (32, 2), (64, 4)], []),
        ["resnet34"] = new(21_797_672, 3.664, [(64, 2), (64, 4), (128, 8), (256, 16), (512, 32)], [
            new("IMAGENET1K_V1", Host + "resnet34-b627a593.pth", 73.314, 91.42, new(256, 224))]),
        ["resnet34d"] = new(21_816_904, 3.903, [(64, 2), (64, 4), (128, 8), (256, 16), (512, 32)], []),
        ["resnet44_cifar"] = new(722_936, 4.762, [(16, 1), (16, 1), (32, 2), (64, 4)], []),
        ["resnet50"] = new(25_557_032, 4.089, [(64, 2), (256, 4), (512, 8), (1024, 16), (2048, 32)], [
            new("IMAGENET1K_V1", Host + "resnet50-0676ba61.pth", 76.13, 92.862, new(256, 224)),
            new("IMAGENET1K_V2", Host + "resnet50-11ad3fa6.pth", 80.858, 95.434, new(232, 224))]),
        ["resnet50d"] = new(25_576_264, 4.329, [(64, 2), (256, 4), (512, 8), (1024, 16), (2048, 32)], []),
        ["resnet56_cifar"] = new(917_368, 6.149, [(16, 1), (16, 1), (32, 2), (64, 4)], []),
        ["resnext101_32x8d"] = new(88_791_336, 16.414, [(64, 2), (256, 4), (512, 8), (1024, 16), (2048, 32)], [
            new("IMAGENET1K_V1", Host + "resnext101_32x8d-8ba56ff5.pth", 79.312, 94.526, new(256, 224)),
            new("IMAGENET1K_V2", Host + "resnext101_32x8d-110c445d.pth", 82.834, 96.228, new(232, 224))]),
        ["resnext101_64x4d"] = new(83_455_272, 15.460, [(64, 2), (256, 4), (512, 8), (1024, 16), (2048, 32)], [
            new("IMAGENET1K_V1", Host + "resnext101_64x4d-173b62eb.pth", 83.246, 96.454, new(232, 224))]),
        ["resnext50_32x4d"] = new(25_028_904, 4.230, [(64, 2), (256, 4), (512, 8), (1024, 16), (2048, 32)], [
            new("IMAGENET1K_V1", Host + "resnext50_32x4d-7cdf4587.pth", 77.618, 93.698, new(256, 224)),
            new("IMAGENET1K_V2", Host + "resnext50_32x4d-1a0047aa.pth", 81.198, 95.34, new(232, 224))]),
        ["seresnet101"] = new(49_326_872, 7.806, [(64, 2), (256, 4), (512, 8), (1024, 16), (2048, 32)], []),
        ["seresnet152"] = new(66_821_848, 11.520, [(64, 2), (256, 4), (512, 8), (1024, 16), (2048, 32)], []),
        ["seresnet18"] = new(11_779_624, 1.814, [(64, 2), (64, 4), (128, 8), (256, 16), (512, 32)], []),
        ["seresnet34"] = new(21_960_416, 3.664, [(64, 2), (64, 4), (128, 8), (256, 16), (512, 32)], []),
        ["seresnet50"] = new(28_088_024, 4.092, [(64, 2), (256, 4), (512, 8), (1024, 16), (2048, 32)], []),
        ["seresnext101_32x4d"] = new(48_955_416, 7.975, [(64, 2), (256, 4), (512, 8), (1024, 16), (2048, 32)], []),
        ["seresnext101_32x8d"] = new(93_569_048, 16.419, [(64, 2), (256, 4), (512, 8), (1024, 16), (2048, 32)], []),
        ["seresnext50_32x4d"] = new(27_559_896, 4.233, [(64, 2), (256, 4), (512, 8), (1024, 16), (2048, 32)], []),
        ["swin_b"] = new(87_768_224, 15.431, [(128, 4), (256, 8), (512, 16), (1024, 32)], [
            new("IMAGENET1K_V1", Host + "swin_b-68c6b09e.pth", 83.582, 96.64, new(238, 224, Bicubic))]),
        ["swin_s"] = new(49_606_258, 8.741, [(96, 4), (192, 8), (384, 16), (768, 32)], [
            new("IMAGENET1K_V1", Host + "swin_s-5e29d889.pth", 83.196, 96.36, new(246, 224, Bicubic))]),
        ["swin_t"] = new(28_288_354, 4.491, [(96, 4), (192, 8), (384, 16), (768, 32)], [
            new("IMAGENET1K_V1", Host + "swin_t-704ceda3.pth", 81.474, 95.776, new(232, 224, Bicubic))]),
        ["vgg11"] = new(132_863_336, 7.609, [(128, 2), (256, 4), (512, 8), (512, 16), (512, 32)], [
            new("IMAGENET1K_V1", Host + "vgg11-8a719046.pth", 69.02, 88.628, new(256, 224))]),
        ["vgg11_bn"] = new(132_868_840, 7.609, [(128, 2), (256, 4), (512, 8), (512, 16), (512, 32)], [
            new("IMAGENET1K_V1", Host + "vgg11_bn-6002323d.pth", 70.37, 89.81, new(256, 224))]),
        ["vgg13"] = new(133_047_848, 11.308, [(128, 2), (256, 4), (512, 8), (512, 16), (512, 32)], [
            new("IMAGENET1K_V1", Host + "vgg13-19584684.pth", 69.928, 89.246, new(256, 224))]),
        ["vgg13_bn"] = new(133_053_736, 11.308, [(128, 2), (256, 4), (512, 8), (512, 16), (512, 32)], [
            new("IMAGENET1K_V1", Host + "vgg13_bn-abd245e5.pth", 71.586, 90.374, new(256, 224))]),
        ["vgg16"] = new(138_357_544, 15.470, [(128, 2), (256, 4), (512, 8), (512, 16), (512, 32)], [
            new("IMAGENET1K_V1", Host + "vgg16-397923af.pth", 71.592, 90.382, new(256, 224))]),
        ["vgg16_bn"] = new(138_365_992, 15.470, [(128, 2), (256, 4), (512, 8), (512, 16), (512, 32)], [
            new("IMAGENET1K_V1", Host + "vgg16_bn-6c64b313.pth", 73.36, 91.516, new(256, 224))]),
        ["vgg19"] = new(143_667_240, 19.632, [(128, 2), (256, 4), (512, 8), (512, 16), (512, 32)], [
            new("IMAGENET1K_V1", Host + "vgg19-dcbb9e9d.pth", 72.376, 90.876, new(256, 224))]),
        ["vgg19_bn"] = new(143_678_248, 19.632, [(128, 2), (256, 4), (512, 8), (512, 16), (512, 32)], [
            new("IMAGENET1K_V1", Host + "vgg19_bn-c79401a0.pth", 74.218, 91.842, new(256, 224))]),
        ["wide_resnet101_2"] = new(126_886_696, 22.753, [(64, 2), (256, 4), (512, 8), (1024, 16), (2048, 32)], [
            new("IMAGENET1K_V1", Host + "wide_resnet101_2-32ee1156.pth", 78.848, 94.284, new(256, 224)),
            new("IMAGENET1K_V2", Host + "wide_resnet101_2-d733dc28.pth", 82.51, 96.02, new(232, 224))]),
        ["wide_resnet50_2"] = new(68_883_240, 11.398, [(64, 2), (256, 4), (512, 8), (1024, 16), (2048, 32)], [
            new("IMAGENET1K_V1", Host + "wide_resnet50_2-95faca4d.pth", 78.468, 94.086, new(256, 224)),
            new("IMAGENET1K_V2", Host + "wide_resnet50_2-9ba9bcbe.pth", 81.602, 95.758, new(232, 224))]),
    };

    /// <summary>The facts about a backbone; null if the table lacks it.</summary>
    public static BackboneFacts? Find(string name) => rows.GetValueOrDefault(name);
}
