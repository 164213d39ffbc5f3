package plugin

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/backend/httpclient"
	"github.com/grafana/grafana-plugin-sdk-go/backend/instancemgmt"
)

// instance is one configured data source. Grafana makes a new one when its settings change.
type instance struct {
	settings settings
	exporter *exporter
	// fault is why nothing can be asked; nil where the settings are sound. It is told with every answer, since Grafana shows
	// no reason where an instance can't be made.
	fault error
}

var (
	_ backend.QueryDataHandler      = (*instance)(nil)
	_ backend.CheckHealthHandler    = (*instance)(nil)
	_ instancemgmt.InstanceDisposer = (*instance)(nil)
)

// NewInstance makes a data source of its settings. It reaches nothing.
func NewInstance(ctx context.Context, given backend.DataSourceInstanceSettings) (instancemgmt.Instance, error) {
	read, err := readSettings(given)
	if err != nil {
		return &instance{fault: err}, nil
	}
	options, err := given.HTTPClientOptions(ctx)
	if err != nil {
		return &instance{fault: fmt.Errorf("the settings of TLS or headers can't be read: %w", err)}, nil
	}
	client, err := httpclient.New(options)
	if err != nil {
		return &instance{fault: fmt.Errorf("the settings of TLS can't be used: %w", err)}, nil
	}
	return &instance{
		settings: read,
		exporter: &exporter{client: client, url: read.APIURL, key: read.APIKey},
	}, nil
}

// Dispose closes connections that are kept.
func (i *instance) Dispose() {
	if i.exporter != nil {
		i.exporter.client.CloseIdleConnections()
	}
}

// QueryData asks the exporter all queries in one request. Where it can't be asked, each query has the reason.
func (i *instance) QueryData(ctx context.Context, request *backend.QueryDataRequest) (*backend.QueryDataResponse, error) {
	answer, err := i.ask(ctx, request)
	if err == nil {
		return answer, nil
	}
	if errors.Is(err, context.Canceled) {
		return nil, err
	}
	backend.Logger.FromContext(ctx).Warn("queries were not answered", "queries", len(request.Queries), "error", err)
	failed := backend.NewQueryDataResponse()
	for _, query := range request.Queries {
		failed.Responses[query.RefID] = backend.DataResponse{
			Error:       err,
			Status:      statusOf(err),
			ErrorSource: backend.ErrorSourceDownstream,
		}
	}
	return failed, nil
}

func (i *instance) ask(ctx context.Context, request *backend.QueryDataRequest) (*backend.QueryDataResponse, error) {
	if i.fault != nil {
		return nil, i.fault
	}
	if len(request.Queries) == 0 {
		return backend.NewQueryDataResponse(), nil
	}
	body, err := toRequest(request, i.settings.DefaultShop)
	if err != nil {
		return nil, fmt.Errorf("a query can't be read: %w", err)
	}
	text, err := i.exporter.send(ctx, http.MethodPost, "/api/v1/grafana/query", body)
	if err != nil {
		return nil, err
	}
	answer := backend.NewQueryDataResponse()
	if err := json.Unmarshal(text, answer); err != nil {
		return nil, &failure{http.StatusBadGateway, "The address answers, but not with frames. Check that the URL is that of a Storepulse exporter."}
	}
	for _, query := range request.Queries {
		if _, isAnswered := answer.Responses[query.RefID]; !isAnswered {
			return nil, &failure{http.StatusBadGateway, "The exporter left query " + query.RefID + " without an answer."}
		}
	}
	return answer, nil
}

// statusOf is what Grafana shows beside an error: that of the exporter, or that it is not there.
func statusOf(err error) backend.Status {
	var told *failure
	if !errors.As(err, &told) {
		return backend.StatusBadRequest
	}
	if told.Status == 0 {
		return backend.StatusBadGateway
	}
	return backend.Status(told.Status)
}

// CheckHealth asks for the catalogue: with it the address, the key and the default shop are proved.
func (i *instance) CheckHealth(ctx context.Context, _ *backend.CheckHealthRequest) (*backend.CheckHealthResult, error) {
	message, err := i.health(ctx)
	if err != nil {
		return &backend.CheckHealthResult{Status: backend.HealthStatusError, Message: err.Error()}, nil
	}
	return &backend.CheckHealthResult{Status: backend.HealthStatusOk, Message: message}, nil
}

func (i *instance) health(ctx context.Context) (string, error) {
	if i.fault != nil {
		return "", i.fault
	}
	text, err := i.exporter.send(ctx, http.MethodGet, "/api/v1/catalog", nil)
	if err != nil {
		return "", err
	}
	var catalog struct {
		Metrics []json.RawMessage `json:"metrics"`
		Shops   []struct {
			Shop string `json:"shop"`
		} `json:"shops"`
	}
	if json.Unmarshal(text, &catalog) != nil || len(catalog.Metrics) == 0 {
		return "", errors.New("the address answers, but not with a metric catalogue. Check that the URL is that of a Storepulse exporter")
	}
	wanted := i.settings.DefaultShop
	for _, each := range catalog.Shops {
		if each.Shop == wanted {
			return fmt.Sprintf("Connected: %d metrics, shop %s.", len(catalog.Metrics), wanted), nil
		}
	}
	if wanted != "" {
		return "", fmt.Errorf("the exporter has no shop %q for this key. Choose another default shop", wanted)
	}
	return fmt.Sprintf("Connected: %d metrics, %d shops.", len(catalog.Metrics), len(catalog.Shops)), nil
}
