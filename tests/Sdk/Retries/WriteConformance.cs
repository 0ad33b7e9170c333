using System.Globalization;
using System.Net.Http.Headers;
using Slipway.Sdk.Hosting;
using Slipway.Sdk.Hosting.Conformance;

namespace Slipway.Sdk.Tests.Retries;

public sealed class WriteConformance(WriteConformance.Books subject) : WriteConformanceSuite(subject), IClassFixture<WriteConformance.Books>
{
    public sealed class Books(TestPostgres postgres) : WriteSubject
    {
        private readonly Guid[] _callers = [Guid.CreateVersion7(), Guid.CreateVersion7()];
        private TestIssuer _issuer = null!;
        private TestDatabase _database = null!;

        public override string CollectionPath => "/api/v1/books";

        public override string NewBody(string name) => $$"""{"title":"{{name}}"}""";

        public override string Patch(string name) => $$"""{"title":"{{name}}"}""";

        public override async Task<int> CountAsync(string name) =>
            int.Parse(await _database.TextAsync($"select count(*) from books where title = '{name}'"), CultureInfo.InvariantCulture);

        public override void Authorize(HttpRequestMessage request, bool second = false) =>
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _issuer.Token("books", _callers[second ? 1 : 0], ["books.books:write"]));

        public override Task<RunningService> StartAsync() =>
            RunningService.StartAsync(BookService.Create, BookService.Map, _database.Environment.Concat(_issuer.Environment).ToDictionary());

        public override async ValueTask InitializeAsync()
        {
            _issuer = await TestIssuer.StartAsync();
            _database = await postgres.DatabaseAsync();
            await base.InitializeAsync();
        }

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            await _issuer.DisposeAsync();
        }
    }
}
