using System.Text;
using Slipway.Sdk.Hosting.Conformance;
using Slipway.TitanicApi.Tests.Scenes;
using Titanic.Api.Transfer;

namespace Slipway.TitanicApi.Tests.Transfer;

public sealed class ImportTests(TitanicScene scene) : IClassFixture<TitanicScene>
{
    private const string Kaggle = "PassengerId,Survived,Pclass,Name,Sex,Age,SibSp,Parch,Ticket,Fare,Cabin,Embarked\n";

    [Fact]
    public async Task The_two_known_files_are_understood_and_sent_again_they_change_nothing()
    {
        var sender = Sender();
        const string File = Kaggle + "7001,1,1,\"Ashdown, Mrs. Paul (Greta)\",female,38,1,0,PC 1,71.2833,C85,C\r\n7002,0,3,\"Kaldbak, Mr. Sven \"\"Big\"\"\",male,,0,0,A/5 2,7.25,,S\r\n";

        var first = await ImportAsync(sender, File);
        var again = await ImportAsync(sender, File);
        var stanford = await ImportAsync(sender, "Survived,Pclass,Name,Sex,Age,Siblings/Spouses Aboard,Parents/Children Aboard,Fare\n1,2,Mrs. Ylva Redfern,female,0.83,0,2,13\n");

        Assert.Equal(("done", "kaggle", 2, 0), (first.Text("status"), first.Text("layout"), first.Number("created"), first.Number("rejected")));
        Assert.Equal((0, 0, 2), (again.Number("created"), again.Number("updated"), again.Number("unchanged")));
        Assert.Equal(("stanford", 1), (stanford.Text("layout"), stanford.Number("created")));
        var person = (await sender.GetAsync("/people/7002")).Ok();
        Assert.Equal(("Kaldbak, Mr. Sven \"Big\"", System.Text.Json.JsonValueKind.Null, 7.25m), (person.Text("name"), person.GetProperty("age").ValueKind, person.GetProperty("fare").GetDecimal()));
        Assert.Equal("0.83", (await sender.GetAsync("/people?name=ylva+redfern")).Items().Single().GetProperty("age").GetRawText());
    }

    [Fact]
    public async Task Rows_that_are_no_people_are_told_by_row_and_column_and_the_others_are_taken()
    {
        var report = await ImportAsync(
            Sender(),
            Kaggle + "7101,1,1,Good One,female,1,0,0,,1,,\n7102,2,1,No Flag,female,1,0,0,,1,,\n7103,1,9,No Class,male,x,0,0,,1,,\n7104,1,1,Too Short,male\n\n7105,0,2,Also Good,male,,,,,,,Q\n");

        Assert.Equal((5, 2, 3), (report.Number("rows"), report.Number("created"), report.Number("rejected")));
        var errors = report.GetProperty("errors").EnumerateArray().Select(error => (error.Number("row"), error.Text("column"))).ToList();
        Assert.Equal([(2, "survived"), (3, "age"), (3, "passengerClass"), (4, "")], errors);
    }

    [Fact]
    public async Task Insert_reports_who_is_there_and_upsert_changes_them()
    {
        var sender = Sender();
        await sender.AddAsync("Known, Mr. Well", ""","passengerId":7201""");
        const string File = """{"passengerId":7201,"survived":true,"passengerClass":1,"name":"Changed, Mr. Well","sex":"male"}""" + "\n";

        var insert = await ImportAsync(sender, File, "mode=insert", "application/x-ndjson");
        var upsert = await ImportAsync(sender, File, "mode=upsert", "application/x-ndjson");

        Assert.Equal((0, 1), (insert.Number("updated"), insert.Number("rejected")));
        Assert.Equal((1, 0), (upsert.Number("updated"), upsert.Number("rejected")));
        Assert.Equal("Changed, Mr. Well", (await sender.GetAsync("/people/7201")).Ok().Text("name"));
    }

    [Fact]
    public async Task What_was_exported_can_be_imported_elsewhere_and_is_the_same()
    {
        var sender = scene.Admin(null, "britannic");
        await sender.AddAsync("=Formula, Mr. \\\"Quote\\\"", ""","passengerId":7301,"ticket":"-1","age":0.42,"fare":512.3292""");
        foreach (var (format, type) in new[] { ("csv", "text/csv"), ("ndjson", "application/x-ndjson") })
        {
            var file = (await sender.GetAsync($"/people/export?format={format}&name=formula")).Body;
            var report = (await sender.SendAsync("POST", "/people/import", file, type, ("X-Tenant", "britannic"))).Ok(201);

            Assert.Equal(format == "csv" ? (1, 0) : (0, 1), (report.Number("created"), report.Number("unchanged")));
            Assert.Equal(file, (await sender.GetAsync($"/people/export?format={format}", ("X-Tenant", "britannic"))).Body);
        }
    }

    [Fact]
    public async Task A_sender_who_breaks_off_goes_on_where_the_last_batch_ended_and_nothing_is_lost_or_doubled()
    {
        var (sender, id) = (Sender(), Guid.CreateVersion7());
        var file = Encoding.UTF8.GetBytes(Kaggle + string.Concat(Enumerable.Range(8_000, 900).Select(number => $"{number},0,3,\"Torn, Mr. Number {number}\",male,20,0,0,T {number},8.05,,S\n")));
        Task CommittedAsync() => Eventually.TrueAsync(async () => await sender.GetAsync($"/people/imports/{id}") is { Status: 200 } job && job.Json().Number("rows") == 400);
        using var broken = new HttpRequestMessage(HttpMethod.Post, $"/people/import?id={id}") { Content = new TornFile(file, file.Length * 2 / 3, CommittedAsync) };
        broken.Content.Headers.ContentType = new("text/csv");
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => sender.Client.SendAsync(broken));

        // Another instance takes the rest, as after a crash of the first.
        await using var other = await (await scene.StartAsync()).UntilReadyAsync();
        using var client = other.NewClient();
        client.DefaultRequestHeaders.Authorization = sender.Client.DefaultRequestHeaders.Authorization;
        var again = new Person(client);
        var offset = (await again.GetAsync($"/people/imports/{id}")).Ok().Number("offset");
        (await again.SendAsync("PUT", $"/people/imports/{id}?offset=0", Kaggle, "text/csv")).Problem(409, "otherOffset");
        var done = (await again.SendAsync("PUT", $"/people/imports/{id}?offset={offset}", Encoding.UTF8.GetString(file.AsSpan(offset)), "text/csv")).Ok();

        Assert.Equal(("done", 900, 900, 0), (done.Text("status"), done.Number("rows"), done.Number("created"), done.Number("unchanged")));
        Assert.Equal("900", (await sender.GetAsync("/people?name=torn&count=true&limit=1")).Header("X-Total-Count"));
        (await again.SendAsync("PUT", $"/people/imports/{id}?offset={file.Length}", "x", "text/csv")).Problem(409, "otherOffset");
    }

    [Theory]
    [InlineData("Name,Age\nx,1\n", "text/csv", 400, "unreadableFile")]
    [InlineData("Survived,Pclass,Name,Sex,Sex\n", "text/csv", 400, "unreadableFile")]
    [InlineData("x", "text/plain", 415, "unsupportedMediaType")]
    public async Task A_file_that_is_none_is_refused(string file, string type, int status, string code) =>
        (await Sender().SendAsync("POST", "/people/import", file, type)).Problem(status, code);

    [Fact]
    public async Task A_quote_that_never_ends_is_told_with_its_place()
    {
        var answer = await Sender().SendAsync("POST", "/people/import", Kaggle + "7401,1,1,\"Open" + new string('x', RecordReader.RecordBytesMax + 10), "text/csv");

        Assert.Contains($"byte {Kaggle.Length}", answer.Problem(400, "unreadableFile").Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_import_is_its_senders_own()
    {
        var report = await ImportAsync(Sender(), Kaggle);

        (await Sender().GetAsync($"/people/imports/{report.Text("id")}")).Problem(404, "notFound");
        Assert.Equal(200, (await scene.Admin().GetAsync($"/people/imports/{report.Text("id")}")).Status);
    }

    private Person Sender() => scene.Person([Titanic.Api.Endpoints.AccessMode.Write]);

    private static async Task<System.Text.Json.JsonElement> ImportAsync(Person sender, string file, string query = "", string type = "text/csv") =>
        (await sender.SendAsync("POST", "/people/import?" + query, file, type)).Ok(201);

    /// <summary>A file whose sender breaks off in the middle, once what was sent has been taken.</summary>
    private sealed class TornFile(byte[] file, int length, Func<Task> taken) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context)
        {
            await stream.WriteAsync(file.AsMemory(0, length));
            await stream.FlushAsync();
            await taken();
            throw new IOException("The sender is gone.");
        }

        protected override bool TryComputeLength(out long length)
        {
            length = file.Length;
            return true;
        }
    }
}
