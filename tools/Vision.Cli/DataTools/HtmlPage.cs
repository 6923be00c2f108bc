namespace Vision.Cli.DataTools;

/// <summary>What all pages of the command line have in common.</summary>
internal static class HtmlPage
{
    private const string Style = """
        body{font:15px/1.5 system-ui,sans-serif;margin:2em auto;max-width:1100px;padding:0 1em;color:#222;background:#fff}
        table{border-collapse:collapse}td,th{padding:.15em .8em .15em 0;text-align:left;vertical-align:top}td.n,th.n{text-align:right}
        .bar{background:#4878a8;height:.8em;min-width:1px}.error{color:#b00020}.warning{color:#8a5a00}
        .color{display:inline-block;width:.8em;height:.8em;margin-right:.5em;border:1px solid #888}
        .pictures{display:flex;flex-wrap:wrap;gap:.8em}figure{margin:0;max-width:320px}
        figcaption{font-size:12px;overflow-wrap:anywhere}img{max-width:100%}
        details{margin:.4em 0}li{overflow-wrap:anywhere}
        @media (prefers-color-scheme:dark){body{color:#ddd;background:#161616}.error{color:#ff7a85}.warning{color:#e0b050}}
        """;

    /// <summary>The head of a page, up to its heading.</summary>
    public static string Head(string title) =>
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">" +
        $"<title>{CheckPage.Text(title)}</title><style>{Style}</style></head><body><h1>{CheckPage.Text(title)}</h1>";
}
