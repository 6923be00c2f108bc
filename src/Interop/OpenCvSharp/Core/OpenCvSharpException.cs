namespace OpenCvSharp;

public class OpenCvSharpException(string message) : Exception(message);
