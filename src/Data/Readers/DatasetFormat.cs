namespace Vision.Data;

/// <summary>How a data set's annotations are stored.</summary>
public enum DatasetFormat
{
    /// <summary>Detected from the files.</summary>
    Auto,

    /// <summary>One json file for each split (Lin et al. 2014, arXiv:1405.0312); for segmentation, its panoptic annotations.</summary>
    Coco,

    /// <summary>One XML file for each image (Everingham et al. 2010, doi:10.1007/s11263-009-0275-4); for segmentation, one mask.</summary>
    Voc,

    /// <summary>One text file for each image, with normalized boxes or polygons, and a YAML
    /// file of the classes (Redmon and Ultralytics).</summary>
    Yolo,

    /// <summary>A folder of images for each class, for classification.</summary>
    Folders,

    /// <summary>CIFAR-10's binary files (Krizhevsky 2009), for classification.</summary>
    Cifar10,

    /// <summary>Folders of images and of masks with the classes of their pixels, such as CamVid's, for segmentation.</summary>
    Masks,

    /// <summary>Cityscapes' folders (Cordts et al. 2016, arXiv:1604.01685), for segmentation.</summary>
    Cityscapes,
}
