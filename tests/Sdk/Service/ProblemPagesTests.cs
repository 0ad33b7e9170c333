using Slipway.Sdk.Hosting;
using Slipway.Sdk.Hosting.Conformance;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Sample;

namespace Slipway.Sdk.Tests.Service;

public sealed class ProblemPagesTests : IAsyncLifetime
{
    private RunningService _service = null!;

    public async ValueTask InitializeAsync() => _service = await RunningService.StartAsync(SampleService.Create, SampleService.Map);

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public void Every_code_of_the_kit_is_explained_once()
    {
        var explained = (string[])[.. KitProblems.Always.Concat(KitProblems.OfCallers).Concat(KitProblems.OfDatabase).Concat(KitProblems.OfSessions).Select(text => text.Code)];

        Assert.Empty(ProblemCodes.In("src/Sdk").Except(explained));
        Assert.Equal(explained.Length, explained.Distinct().Count());
    }

    [Fact]
    public async Task The_type_of_a_problem_leads_to_a_page_that_explains_it()
    {
        var problem = (await GetAsync("/api/v1/notes/not-an-id")).Problem(404, "notFound");

        var page = await GetAsync(problem.GetProperty("type").GetString()!);

        Assert.Equal((200, "text/html; charset=utf-8"), (page.Status, page.Header("Content-Type")));
        Assert.Contains("belongs to somebody else", page.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", page.Header("Content-Security-Policy"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_list_names_the_codes_of_this_service_and_of_no_other()
    {
        var list = (await GetAsync("/problems")).Body;

        Assert.Contains("/problems/missing-scope", list, StringComparison.Ordinal);
        Assert.Contains("/problems/too-few-stars", list, StringComparison.Ordinal);
        Assert.DoesNotContain("databaseUnavailable", list, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Words_of_a_service_are_text_and_no_markup() =>
        Assert.Contains("fewer than &lt;three&gt; stars", (await GetAsync("/problems/tooFewStars")).Body, StringComparison.Ordinal);

    [Theory]
    [InlineData("/problems/out-of-luck")]
    [InlineData("/problems/%3Cscript%3E")]
    [InlineData("/problemsome")]
    public async Task A_code_nobody_explained_is_not_found(string path) => (await GetAsync(path)).Problem(404, "notFound");

    private async Task<Answer> GetAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        return await Answer.OfAsync(_service.Client, request);
    }
}
