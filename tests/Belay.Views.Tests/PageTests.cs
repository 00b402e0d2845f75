using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Belay.Views.Tests.Stories;

namespace Belay.Views.Tests;

/// <summary>What holds for the page whatever the run was.</summary>
public sealed class PageTests
{
    [Fact]
    public async Task Nothing_is_loaded_from_elsewhere()
    {
        var page = await Rendered.PageAsync(UpgradeStory.Entries);

        Assert.Empty(page.QuerySelectorAll("script, link, img, iframe, object, embed, audio, video"));
        Assert.DoesNotContain(page.All, element => element.HasAttribute("src"));
        Assert.All(
            page.QuerySelectorAll("a"),
            link => Assert.StartsWith("#", link.GetAttribute("href"), StringComparison.Ordinal)
        );
        Assert.DoesNotContain("url(", page.QuerySelector("style")!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("@import", page.QuerySelector("style")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_html_has_no_errors()
    {
        var errors = new List<string>();
        var parser = new HtmlParser(new HtmlParserOptions { IsStrictMode = false });
        parser.Error += (_, e) => errors.Add(((AngleSharp.Html.Dom.Events.HtmlErrorEvent)e).Message);

        parser.ParseDocument(await Rendered.HtmlAsync(UpgradeStory.Entries));

        Assert.Empty(errors);
    }

    [Fact]
    public async Task Every_link_leads_to_a_place_on_the_page_and_no_place_stands_twice()
    {
        var page = await Rendered.PageAsync(UpgradeStory.Entries);
        var ids = page.All.Where(element => element.HasAttribute("id")).Select(element => element.Id!).ToArray();

        Assert.Distinct(ids);
        Assert.All(page.QuerySelectorAll("a"), link => Assert.Contains(link.GetAttribute("href")![1..], ids));
    }

    [Fact]
    public async Task Every_table_has_a_caption_and_headers_of_columns_and_rows()
    {
        var page = await Rendered.PageAsync(UpgradeStory.Entries);

        Assert.All(
            page.QuerySelectorAll("table"),
            table =>
            {
                Assert.NotEmpty(table.QuerySelector("caption")!.TextContent);
                var headers = table.QuerySelectorAll("thead th[scope=col]").Length;
                Assert.All(table.QuerySelectorAll("tbody > tr"), row => Assert.Equal(headers, row.ChildElementCount));
                Assert.All(
                    table.QuerySelectorAll("tbody > tr"),
                    row => Assert.Equal("row", row.Children[0].GetAttribute("scope"))
                );
            }
        );
    }

    [Fact]
    public async Task Every_picture_says_in_words_what_it_shows()
    {
        var page = await Rendered.PageAsync(UpgradeStory.Entries);
        var pictures = page.QuerySelectorAll("svg");

        Assert.NotEmpty(pictures);
        Assert.All(pictures, picture => Assert.NotEmpty(picture.QuerySelector("title")!.TextContent));
        Assert.Contains(
            pictures,
            picture =>
                picture.QuerySelector("title")!.TextContent.StartsWith("Fill cache A: began", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_reader_with_a_screen_reader_finds_landmarks_and_headings()
    {
        var page = await Rendered.PageAsync(UpgradeStory.Entries);

        Assert.Equal("en", page.DocumentElement.GetAttribute("lang"));
        Assert.Single(page.QuerySelectorAll("main"));
        Assert.Single(page.QuerySelectorAll("h1"));
        Assert.NotNull(page.QuerySelector("header"));
        Assert.NotNull(page.QuerySelector("nav[aria-label]"));
        Assert.All(
            page.QuerySelectorAll("section"),
            section => Assert.NotEmpty(section.QuerySelector("h2")!.TextContent)
        );
    }

    [Fact]
    public async Task Both_colour_schemes_and_narrow_screens_are_cared_for()
    {
        var style = (await Rendered.PageAsync(UpgradeStory.Entries)).QuerySelector("style")!.TextContent;

        Assert.Contains("prefers-color-scheme: dark", style, StringComparison.Ordinal);
        Assert.Contains("@media (max-width:", style, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secrets_sealed_or_not_are_never_shown()
    {
        var html = await Rendered.HtmlAsync(UpgradeStory.Entries);
        var markdown = await Rendered.MarkdownAsync(UpgradeStory.Entries);

        Assert.All(
            [html, markdown],
            text =>
            {
                Assert.DoesNotContain(Happenings.Password, text, StringComparison.Ordinal);
                Assert.DoesNotContain("k-99", text, StringComparison.Ordinal);
                Assert.Contains("(secret)", text, StringComparison.Ordinal);
            }
        );
    }

    [Fact]
    public async Task Words_of_people_are_text_and_never_markup()
    {
        var page = await Rendered.PageAsync(UpgradeStory.Entries);

        Assert.Contains(page.Rows("people"), row => row[4] == "they print, <b>all</b> of them");
        Assert.Contains(
            "they print, &lt;b>all&lt;/b> of them",
            await Rendered.MarkdownAsync(UpgradeStory.Entries),
            StringComparison.Ordinal
        );
    }
}
