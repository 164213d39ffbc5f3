package plugin

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
)

const secret = "spk_secret"

// made is a data source of an exporter that answers as the test says.
func made(t *testing.T, settings string, answer http.HandlerFunc) *instance {
	t.Helper()
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	return madeAt(t, strings.ReplaceAll(settings, "URL", server.URL))
}

func madeAt(t *testing.T, settings string) *instance {
	t.Helper()
	made, err := NewInstance(context.Background(), backend.DataSourceInstanceSettings{
		JSONData:                json.RawMessage(settings),
		DecryptedSecureJSONData: map[string]string{"apiKey": secret},
	})
	if err != nil {
		t.Fatal(err)
	}
	source := made.(*instance)
	t.Cleanup(source.Dispose)
	return source
}

func asked() *backend.QueryDataRequest {
	from := time.UnixMilli(1_000)
	return &backend.QueryDataRequest{
		Headers: map[string]string{backend.FromAlertHeaderName: "true"},
		Queries: []backend.DataQuery{{
			RefID:         "A",
			JSON:          json.RawMessage(`{"metric":"orders","a field of a later release":[1]}`),
			TimeRange:     backend.TimeRange{From: from, To: from.Add(time.Hour)},
			Interval:      time.Minute,
			MaxDataPoints: 500,
		}},
	}
}

func query(t *testing.T, source *instance) *backend.QueryDataResponse {
	t.Helper()
	answer, err := source.QueryData(context.Background(), asked())
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

func TestQueriesGoToTheExporterAsTheyAreStored(t *testing.T) {
	var body, path, key string
	source := made(t, `{"apiUrl":"URL/","defaultShop":"demo"}`, func(w http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		body, path, key = string(text), r.URL.Path, r.Header.Get("Authorization")
		_, _ = io.WriteString(w, `{"results":{"A":{"status":200,"frames":[{"schema":{"name":"Orders","refId":"A",
			"meta":{"type":"timeseries-wide","typeVersion":[0,1],"notices":[{"severity":"info","text":"x"}]},
			"fields":[{"name":"time","type":"time","typeInfo":{"frame":"time.Time","nullable":true},"config":{}},
			{"name":"orders","type":"number","typeInfo":{"frame":"float64","nullable":true},"labels":{"country":"France"},"config":{"unit":"short"}}]},
			"data":{"values":[[1000,61000],[4,null]]}}]}}}`)
	})
	frame := query(t, source).Responses["A"].Frames[0]
	if path != "/api/v1/grafana/query" || key != "Bearer "+secret {
		t.Errorf("asked %s with %q", path, key)
	}
	for _, part := range []string{
		`"defaultShop":"demo"`, `"isAlert":true`, `"range":{"from":1000,"to":3601000}`, `"maxDataPoints":500`, `"intervalMs":60000`,
		`"a field of a later release":[1]`, `"metric":"orders"`,
	} {
		if !strings.Contains(body, part) {
			t.Errorf("%s is not in %s", part, body)
		}
	}
	value, _ := frame.ConcreteAt(1, 0)
	if frame.Rows() != 2 || value != 4.0 || !frame.NilAt(1, 1) || frame.Fields[1].Labels["country"] != "France" {
		t.Errorf("another frame: %v", frame)
	}
}

func TestEachFailureSaysWhatToDoAndHoldsNoSecret(t *testing.T) {
	cases := []struct {
		what   string
		status int
		body   string
		says   string
	}{
		{"a key that is not good", 401, `{"title":"x"}`, "The API key was refused"},
		{"a key without the right", 403, `{"title":"x"}`, "not allowed to read"},
		{"an older exporter", 404, `{"title":"No such address","code":"not_found"}`, "older than this data source"},
		{"another server", 404, `<html>`, "not as an exporter does"},
		{"a problem of the exporter", 503, `{"title":"Too much","detail":"try again"}`, "Too much: try again"},
		{"another page", 200, `<html>`, "not with frames"},
		{"a query that is left out", 200, `{"results":{}}`, "left query A without an answer"},
	}
	for _, each := range cases {
		t.Run(each.what, func(t *testing.T) {
			source := made(t, `{"apiUrl":"URL"}`, func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(each.status)
				_, _ = io.WriteString(w, each.body)
			})
			response := query(t, source).Responses["A"]
			if response.Error == nil || !strings.Contains(response.Error.Error(), each.says) {
				t.Fatalf("said %v", response.Error)
			}
			if strings.Contains(response.Error.Error(), secret) || response.ErrorSource != backend.ErrorSourceDownstream {
				t.Errorf("said %v of %s", response.Error, response.ErrorSource)
			}
		})
	}
}

func TestAnExporterThatIsNotThereAndSettingsThatCanNotWork(t *testing.T) {
	for settings, says := range map[string]string{
		`{"apiUrl":"http://127.0.0.1:1"}`:      "can't be reached",
		`{}`:                                   "no URL is set",
		`{"apiUrl":"127.0.0.1:9464"}`:          "no address of an exporter",
		`[]`:                                   "no JSON",
		`{"apiUrl":"http://x","tlsAuth":true}`: "TLS",
	} {
		source := madeAt(t, settings)
		if err := query(t, source).Responses["A"].Error; err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: a query said %v", settings, err)
		}
		health, err := source.CheckHealth(context.Background(), nil)
		if err != nil || health.Status != backend.HealthStatusError || !strings.Contains(health.Message, says) {
			t.Errorf("%s: health said %v, %v", settings, health, err)
		}
	}
}

func TestHealthProvesAddressKeyAndShop(t *testing.T) {
	catalog := `{"version":"1","metrics":[{"name":"orders"}],"shops":[{"shop":"demo"},{"shop":"other"}]}`
	for _, each := range []struct {
		settings, body, says string
		isOk                 bool
	}{
		{`{"apiUrl":"URL"}`, catalog, "1 metrics, 2 shops", true},
		{`{"apiUrl":"URL","defaultShop":"demo"}`, catalog, "shop demo", true},
		{`{"apiUrl":"URL","defaultShop":"gone"}`, catalog, `no shop "gone"`, false},
		{`{"apiUrl":"URL"}`, `{}`, "not with a metric catalogue", false},
	} {
		source := made(t, each.settings, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, each.body) })
		health, err := source.CheckHealth(context.Background(), nil)
		if err != nil || (health.Status == backend.HealthStatusOk) != each.isOk || !strings.Contains(health.Message, each.says) {
			t.Errorf("%s: %v, %v", each.settings, health, err)
		}
	}
}

func TestAnAskingThatIsGivenUpIsNoFaultOfTheExporter(t *testing.T) {
	source := made(t, `{"apiUrl":"URL"}`, func(http.ResponseWriter, *http.Request) {})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := source.QueryData(ctx, asked()); err == nil {
		t.Error("an asking that was given up was answered")
	}
}
