namespace OpenCvSharp;

[Flags]
public enum WindowFlags
{
    Normal = 0,
    AutoSize = 1,
    OpenGL = 0x1000,
    FullScreen = 1,
    FreeRatio = 0x100,
    KeepRatio = 0,
    GuiExpanded = 0,
    GuiNormal = 0x10,
}
