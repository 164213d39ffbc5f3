// Package plugin hands queries of Grafana's server over to the exporter, and its frames back. It does not know what a query
// means: the exporter reads stored queries, as the editor writes them, and answers in Grafana's own form of frames.
package plugin

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
)

// ID is that of the plugin, as in plugin.json.
const ID = "storepulse-commerce-datasource"

// settings of one data source, as its config editor stores them. TLS and headers have Grafana's own names and are read by
// its SDK.
type settings struct {
	// APIURL is the address of the exporter, without a slash at its end.
	APIURL string `json:"apiUrl"`
	// DefaultShop is that of queries that name none; empty: there is none.
	DefaultShop string `json:"defaultShop"`
	// APIKey is empty where the exporter is open.
	APIKey string `json:"-"`
}

// readSettings fails with a message for whoever configures the data source.
func readSettings(given backend.DataSourceInstanceSettings) (settings, error) {
	var read settings
	if err := json.Unmarshal(given.JSONData, &read); err != nil {
		return settings{}, fmt.Errorf("the settings of the data source are no JSON: %w", err)
	}
	read.APIURL = strings.TrimRight(strings.TrimSpace(read.APIURL), "/")
	read.APIKey = given.DecryptedSecureJSONData["apiKey"]
	if read.APIURL == "" {
		return settings{}, fmt.Errorf("no URL is set: enter the address of the exporter in the data source's settings")
	}
	address, err := url.Parse(read.APIURL)
	if err != nil || (address.Scheme != "http" && address.Scheme != "https") || address.Host == "" {
		return settings{}, fmt.Errorf("%q is no address of an exporter: it begins with http:// or https://", read.APIURL)
	}
	return read, nil
}
