using System.Net.Http.Headers;
using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Todo.Insights.Tests;

public sealed class HostileBodyTests : IAsyncLifetime
{
    private static readonly string[] s_names = ["todos", "id", "title", "description", "dueDate", "priority", "completed", "effortMinutes", "now", "timeZone", "language", "text", "x", "__proto__", ""];

    private static readonly string[] s_values =
    [
        "null", "true", "0", "-1", "1e999", "99999999999999999999", "1.5", "\"\"", "\"a\"", "\"tomorrow !high\"", "\"2026-01-05\"", "\"9999-12-31T23:59:59Z\"", "\"0001-01-01T00:00:00-14:00\"",
        "\"Europe/Berlin\"", "\"\\u0000\"", "\"\\ud800\"", "\"de\"", "\"high\"", "[", "]", "{", "}", "nul", "\"unclosed", "'a'", "/*c*/", "\ufeff",
    ];

    private Scene _scene = null!;

    private static Gen<string> Documents => Gen.Sized(size => Document(Math.Min(size, 6)));

    public async ValueTask InitializeAsync() => _scene = await Scene.StartAsync();

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Theory]
    [InlineData("/insights")]
    [InlineData("/api/v1/parse")]
    public void Whatever_the_body_it_is_answered_and_never_breaks_anything(string path) => Properties.Hold(
        from text in Documents
        from type in Gen.Frequency((9, Gen.Constant("application/json")), (1, Gen.Elements("text/plain", "application/xml", "application/json; charset=utf-16")))
        select (text, type),
        given =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(given.text)) };
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(given.type);

            using var answer = _scene.Service.Client.Send(request, Scene.Cancellation);

            Assert.Contains((int)answer.StatusCode, new[] { 200, 400, 413, 415, 422 });
            Assert.EndsWith("json", answer.Content.Headers.ContentType?.MediaType, StringComparison.Ordinal);
        },
        250);

    private static Gen<string> Document(int depth) => depth <= 0
        ? Gen.Elements(s_values)
        : Gen.Frequency(
            (2, Gen.Elements(s_values)),
            (3, Member(depth).ListOf().Select(members => "{" + string.Join(',', members.Take(5)) + "}")),
            (2, Document(depth - 1).ListOf().Select(items => "[" + string.Join(',', items.Take(4)) + "]")),
            (2, Document(depth - 2).ListOf().Select(items => "{\"todos\":[" + string.Join(',', items.Take(4)) + "]}")),
            (1, Gen.Elements("", " ", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]", "{\"todos\":[{\"id\":\"1\",\"title\":\"a\"}]}", "{\"text\":\"b\"}")));

    private static Gen<string> Member(int depth) =>
        from name in Gen.Elements(s_names)
        from value in Document(depth - 2)
        select $"\"{name}\":{value}";
}
